import type { SourceKind } from '../../mixer/protocol/control.ts';
import type { TrackFrame } from '../../mixer/protocol/framing.ts';
import type { TrackStream } from '../egress/bundle/feed.ts';
import type { Engine } from '../engine/engine.ts';
import { RostrumError } from '../errors.ts';
import type { Need } from '../rooms/need.ts';
import type { Source } from '../rooms/source.ts';
import type { Media, PeerState, Publisher, PublisherEvents } from '../rtc/contract.ts';
import type { MediaSession } from './contract.ts';
import { newSessionId } from './deliveryLine.ts';
import type { Forwarded } from './forwarded.ts';

export interface PublicationEvents {
  /** A packet ended a silence that its tile may have shown. */
  returned(): void;
  /** Something its sender should read. */
  notice(code: string, detail: string): void;
  /** How loud its sender says it is, dBov. */
  level(levelDb: number, atMs: number): void;
  /** A frame of a track that is tapped. */
  frame(stream: TrackStream, frame: TrackFrame): void;
  /** It is over, whoever ended it. Told once, and only if it had been opened. */
  ended(publication: Publication, reason: string): void;
}

/** Makes what a publisher sends sources of the delivery. */
export type Forward = (participant: string, kind: SourceKind, publisher: Publisher) => Forwarded;

/** Sound and key frames need some room above a picture's rate. */
const CAP_ROOM = 1.25;

/** Opens the connection to a publishing peer. */
export type OpenPublisher = (events: PublisherEvents) => Promise<Publisher>;

/** One camera or screen that somebody sends: a WHIP session, tied to the mixer while it is on stage. */
export class Publication implements MediaSession {
  readonly id = newSessionId();
  readonly direction = 'whip';
  readonly participant: string;
  readonly kind: SourceKind;
  /** Its entry on the stage, once opened. */
  source: Source | undefined;
  readonly #engine: Engine;
  readonly #events: PublicationEvents;
  readonly #tracks = new Map<Media, number>();
  /** Those of its tracks that are tapped. */
  readonly #streams = new Map<Media, TrackStream>();
  readonly #forward: Forward;
  #publisher: Publisher | undefined;
  #forwarded: Forwarded | undefined;
  /** Its sound is forwarded: how loud it is counts. */
  #heard = false;
  #over = false;

  constructor(
    participant: string,
    kind: SourceKind,
    { engine, forward }: { engine: Engine; forward: Forward },
    events: PublicationEvents,
  ) {
    this.participant = participant;
    this.kind = kind;
    this.#engine = engine;
    this.#forward = forward;
    this.#events = events;
  }

  get answer(): string {
    return this.#publisher!.answer;
  }

  get etag(): string {
    return this.#publisher!.etag;
  }

  /** What was negotiated. */
  get offered(): { audio: boolean; video: boolean } {
    const has = (media: Media): boolean => this.#publisher!.tracks.some((track) => track.media === media);
    return { audio: has('audio'), video: has('video') };
  }

  /** @throws RostrumError sdp-malformed | sdp-refused | full, no-such-session when closed meanwhile */
  async open(open: OpenPublisher): Promise<void> {
    const publisher = await open({
      rtp: (media, packet, arrivalUs) => this.#rtp(media, packet, arrivalUs),
      senderReport: (media, report) => {
        const track = this.#tracks.get(media);
        if (track !== undefined) this.#engine.senderReport({ track, ...report });
        this.#forwarded?.senderReport(media, report);
      },
      level: (levelDb, arrivalUs) => {
        if (this.#heard) this.#events.level(levelDb, arrivalUs / 1000);
      },
      state: (state, reason) => this.#stateMoved(state, reason),
    });
    this.#publisher = publisher;
    if (this.#over) publisher.close();
    this.requireOpen();
  }

  /** @throws RostrumError no-such-session */
  requireOpen(): void {
    if (this.#over) throw new RostrumError('no-such-session', 'the session has ended; POST begins another');
  }

  /** Asks its sender for a picture of this size and rate. @param obeyed whether a page is told, too, which obeys */
  need({ active, kbps }: Need, obeyed: boolean, nowMs: number): void {
    this.source?.pausePicture(obeyed && !active, nowMs);
    this.#publisher?.limit?.(kbps * CAP_ROOM);
  }

  /** On stage its packets go to the mixer, off stage nowhere. */
  attach(onStage: boolean): void {
    if (!onStage) this.#detach();
    else if (this.#tracks.size === 0) this.#addTracks();
  }

  /** What viewers can be sent of it as it comes, while it is forwarded. */
  get forwarded(): Forwarded | undefined {
    return this.#forwarded;
  }

  /** Forwards these of its media to the delivery, or, with null, nothing. */
  forward(wanted: { audio: boolean; video: boolean } | null): void {
    this.#heard = wanted?.audio ?? false;
    if (wanted === null) {
      this.#forwarded?.close();
      this.#forwarded = undefined;
    } else if (this.#publisher && !this.#over) {
      this.#forwarded ??= this.#forward(this.participant, this.kind, this.#publisher);
      this.#forwarded.pass(wanted);
    }
  }

  /**
   * Hands out these of its tracks, whole and coded as they came, while it is on stage.
   * @param name of the person
   */
  tap(wanted: { audio: boolean; video: boolean }, name: string): void {
    for (const { media, codec } of this.#publisher?.tracks ?? []) {
      const track = this.#tracks.get(media);
      if (track === undefined) continue;
      this.#engine.tapTrack(track, wanted[media]);
      if (!wanted[media]) this.#streams.delete(media);
      else if (!this.#streams.has(media)) {
        // Pictures that were not taken meanwhile would be missing in it: it is another stream.
        const keyFrame = () => this.#publisher?.requestKeyFrame();
        const { participant, kind } = this;
        this.#streams.set(media, { participant, name, kind, media, codec, keyFrame });
      }
    }
  }

  requestKeyFrame(): void {
    if (this.#tracks.has('video')) this.#publisher?.requestKeyFrame();
  }

  async patch(sdpFragment: string): Promise<{ answerFragment?: string; etag: string }> {
    this.requireOpen();
    const { answerFragment } = await this.#publisher!.patch(sdpFragment);
    return { answerFragment, etag: this.etag };
  }

  async close(): Promise<void> {
    this.end('closed');
  }

  end(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#detach();
    this.forward(null);
    if (!this.#publisher) return;
    this.#publisher.close();
    this.#events.ended(this, reason);
  }

  #rtp(media: Media, packet: Buffer, arrivalUs: number): void {
    if (this.#over) return;
    const track = this.#tracks.get(media);
    if (track !== undefined) this.#engine.rtp(track, arrivalUs, packet);
    this.#forwarded?.rtp(media, packet, arrivalUs);
    if (this.source?.heard(media, arrivalUs / 1000)) this.#events.returned();
  }

  #stateMoved(state: PeerState, reason: string): void {
    if (state === 'failed' || state === 'closed') this.end(reason);
  }

  #addTracks(): void {
    const { participant, kind } = this;
    for (const { media, codec, clockRate } of this.#publisher!.tracks) {
      const track = this.#engine.addTrack(
        { participant, kind, codec, clockRate },
        {
          nack: (sequences) => {
            // Who forwards asks for the same packets, and sooner.
            if (!this.#forwarded) this.#publisher?.nack(media, sequences);
          },
          keyFrameWanted: () => this.#publisher?.requestKeyFrame(),
          refused: (code, detail) => this.#events.notice(code, detail),
          frame: (frame) => {
            const stream = this.#streams.get(media);
            if (stream) this.#events.frame(stream, frame);
          },
          accepted: () => this.#events.notice('picture-accepted', 'the picture is shown again'),
        },
      );
      this.#tracks.set(media, track);
    }
  }

  #detach(): void {
    for (const track of this.#tracks.values()) this.#engine.removeTrack(track);
    this.#tracks.clear();
    this.#streams.clear();
  }
}
