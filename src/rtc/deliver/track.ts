/**
 * One stream to one viewer: what it is fed from. It changes its source only where a decoder can follow (a
 * key frame; for sound anywhere), and the viewer sees no seam. Without a source it sends nothing, and goes
 * on later.
 */

import type { Media } from '../contract.ts';
import type { SenderReport } from '../rtcp/packet.ts';
import { rtxOf } from '../sdp/answer.ts';
import type { OfferedCodec } from '../sdp/codecs.ts';
import { TokenBucket } from '../tokenBucket.ts';
import type { Begin } from './backlog.ts';
import type { Forwarder, Receiver } from './forwarder.ts';
import { Outlet, type OutletEvents } from './outlet.ts';
import type { ReadPicture } from './pictureReader.ts';
import type { StreamFormat } from './rewriter.ts';

/** Timestamp step between pictures that are sent at once to catch up: 1 ms. */
const REPLAY_STEP = 90;
/** A viewer's own key frame requests per second, and at once: no more than thirty in any minute. */
const KEY_FRAMES: [perSecond: number, burst: number] = [0.45, 3];
const REPLAY_INTERVAL_US = 500_000;
/** Two sources hold the same sound when it begins less than half a frame apart. */
const SAME_SOUND_US = 10_000;

export interface TrackEvents extends OutletEvents {
  /** The first picture went out: time for a sender report. */
  started(): void;
  /** `sources` are others now. */
  changed(): void;
}

export class OutgoingTrack implements Receiver {
  readonly media: Media;
  readonly outlet: Outlet;
  readonly #formats: ReadonlyMap<string, StreamFormat>;
  readonly #clockRate: number;
  readonly #events: TrackEvents;
  readonly #keyFrames = new TokenBucket(...KEY_FRAMES);
  #forwarder: Forwarder | undefined;
  #next: Forwarder | undefined;
  #open = false;
  #replayedUs = -Infinity;

  /** @param codecs everything its section was answered with; the source's own is used */
  constructor(media: Media, codecs: readonly OfferedCodec[], events: TrackEvents) {
    this.media = media;
    this.#events = events;
    this.#clockRate = codecs[0]!.clockRate;
    this.#formats = new Map(codecs.map((codec) => [codec.codec, formatOf(codec)]));
    const withRtx = codecs.some((codec) => rtxOf(codec) !== undefined);
    this.outlet = new Outlet(this.#clockRate, withRtx, events);
  }

  /** What it is fed from, and what it waits for. */
  get sources(): string[] {
    return [this.#forwarder, this.#next].flatMap((each) => each?.source ?? []);
  }

  /** The source of what is sent now. */
  get current(): string | undefined {
    return this.outlet.last === undefined ? undefined : this.#forwarder?.source;
  }

  /** The source it shall have: the one it waits for, or has. */
  get wanted(): string | undefined {
    return (this.#next ?? this.#forwarder)?.source;
  }

  /** The viewer is connected: begin with what the source has, or wish for a key frame. */
  open(nowUs: number): void {
    this.#open = true;
    const forwarder = this.#forwarder;
    if (forwarder === undefined) return;
    forwarder.add(this);
    if (this.media === 'video' && !this.#replay(forwarder, nowUs)) forwarder.wantKeyFrame();
  }

  /**
   * Changes to another source, or to none.
   *
   * @param abandon the old one is given up at once, with all repairs, instead of at the new one's first
   *   key frame: for a network that cannot carry it
   */
  select(forwarder: Forwarder | null, nowUs: number, abandon = false): void {
    const before = this.#forwarder;
    const waiting = this.#next;
    if (forwarder !== waiting) {
      this.#next = undefined;
      if (waiting !== before) waiting?.delete(this);
    }
    if (forwarder === null || (abandon && forwarder !== before)) this.#abandon(abandon);
    if (forwarder !== null && forwarder !== this.#forwarder && forwarder !== this.#next) {
      this.#await(forwarder, nowUs);
    }
    if (this.#forwarder !== before || this.#next !== waiting) this.#events.changed();
  }

  waitsFor(forwarder: Forwarder): boolean {
    if (this.media !== 'video') return false;
    return forwarder === this.#next || (forwarder === this.#forwarder && !this.#continues(forwarder));
  }

  picture(forwarder: Forwarder, picture: ReadPicture, nowUs: number): void {
    if (forwarder === this.#forwarder && this.#continues(forwarder)) {
      this.#send(picture, undefined, nowUs);
      return;
    }
    const format = this.#formatOf(forwarder);
    if (format === undefined) return;
    if (this.media === 'video' && !picture.keyFrame) {
      // Asked for before, but a source that began anew meanwhile has forgotten that.
      if (forwarder === (this.#next ?? this.#forwarder)) forwarder.wantKeyFrame();
      return;
    }
    if (this.#wasHeard(forwarder, picture)) {
      // Its next one is sent, else it would wait for ever for an encoder that is always a moment earlier.
      if (forwarder === this.#next) this.#change(forwarder);
      return;
    }
    this.#change(forwarder);
    this.#send(picture, { run: forwarder.run, format, timestamp: undefined }, nowUs);
  }

  /** The viewer cannot decode any more. Young pictures are repeated to it alone, else a new one is wished for. */
  keyFrameWanted(nowUs: number): void {
    const forwarder = this.#forwarder;
    if (this.media !== 'video' || !this.#open || forwarder === undefined) return;
    if (nowUs - this.#replayedUs < REPLAY_INTERVAL_US) return;
    if (this.#next === undefined && this.#replay(forwarder, nowUs)) return;
    if (this.#keyFrames.take(nowUs)) forwarder.wantKeyFrame();
  }

  /** What a sender report says now; undefined before the first picture and while there is no source. */
  report(nowUs: number, ntpUs: number): SenderReport | undefined {
    const { last, ssrc, packets, bytes } = this.outlet;
    if (last === undefined || this.wanted === undefined) return undefined;
    const elapsed = Math.round(((nowUs - last.ptsUs) * this.#clockRate) / 1e6);
    return { ssrc, ntpUs, rtpTimestamp: (last.timestamp + elapsed) >>> 0, packets, bytes };
  }

  close(): void {
    this.#open = false;
    this.#forwarder?.delete(this);
    this.#next?.delete(this);
    this.outlet.close();
  }

  #abandon(repairsToo: boolean): void {
    this.#forwarder?.delete(this);
    this.#forwarder = undefined;
    this.outlet.drop();
    if (repairsToo) this.outlet.abandonRepairs();
  }

  #await(forwarder: Forwarder, nowUs: number): void {
    if (!this.#open) {
      this.#forwarder?.delete(this);
      this.#forwarder = forwarder;
      forwarder.hold(this);
      return;
    }
    this.#next = forwarder;
    forwarder.add(this);
    if (this.media === 'video' && !this.#replay(forwarder, nowUs)) forwarder.wantKeyFrame();
  }

  #continues(forwarder: Forwarder): boolean {
    return this.outlet.continues(forwarder.run);
  }

  /** Both encoders code the same sound: what one has sent must not come again from the other. */
  #wasHeard(forwarder: Forwarder, picture: ReadPicture): boolean {
    if (this.media !== 'audio' || forwarder === this.#forwarder) return false;
    const { last } = this.outlet;
    return last !== undefined && Math.abs(picture.ptsUs - last.ptsUs) < SAME_SOUND_US;
  }

  #formatOf(forwarder: Forwarder): StreamFormat | undefined {
    return this.#formats.get(forwarder.description?.codec ?? '');
  }

  #change(forwarder: Forwarder): void {
    if (forwarder !== this.#forwarder) this.#forwarder?.delete(this);
    const changed = forwarder !== this.#forwarder || forwarder === this.#next;
    this.#forwarder = forwarder;
    if (forwarder === this.#next) this.#next = undefined;
    if (changed) this.#events.changed();
  }

  /**
   * Sends the young pictures of a source at once. Their timestamps lie 1 ms apart, so that the viewer
   * decodes them at once, too, and shows the newest.
   */
  #replay(forwarder: Forwarder, nowUs: number): boolean {
    const pictures = forwarder.young(nowUs);
    const newest = pictures.at(-1);
    const format = this.#formatOf(forwarder);
    if (newest === undefined || format === undefined) return false;
    this.#replayedUs = nowUs;
    this.#change(forwarder);
    const { outlet } = this;
    outlet.drop();
    const squeezed = (outlet.timestampAt(newest.ptsUs) - (pictures.length - 1) * REPLAY_STEP) >>> 0;
    const ahead = (squeezed - outlet.lastTimestamp) | 0;
    let timestamp = outlet.last === undefined || ahead > 0 ? squeezed : outlet.lastTimestamp + REPLAY_STEP;
    for (const picture of pictures) {
      this.#send(picture, { run: forwarder.run, format, timestamp: timestamp >>> 0 }, nowUs);
      timestamp += REPLAY_STEP;
    }
    return true;
  }

  #send(picture: ReadPicture, begin: Begin | undefined, nowUs: number): void {
    const first = this.outlet.last === undefined;
    if (!this.outlet.send(picture, begin, nowUs)) this.#forwarder?.wantKeyFrame();
    else if (first && this.outlet.last !== undefined) this.#events.started();
  }
}

function formatOf(codec: OfferedCodec): StreamFormat {
  return { payloadType: codec.payloadType, rtx: rtxOf(codec), vp8: codec.codec === 'vp8' };
}
