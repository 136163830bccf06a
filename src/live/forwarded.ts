import type { SourceKind } from '../../mixer/protocol/control.ts';
import type { CreateRelay, Feed, Media, Publisher, Relay } from '../rtc/contract.ts';
import type { DeliveryLine } from './deliveryLine.ts';
import { RateMeter } from './rateMeter.ts';

export interface ForwardingParts {
  room: string;
  line: DeliveryLine;
  createRelay: CreateRelay;
  /** Asked of speakers at most, for their pictures. */
  maxVideoKbps: number;
  nowMs(): number;
  /** A picture needs more or less of viewers' downlinks than it did. */
  rateChanged(): void;
}

/** Before anything came: about what a browser sends of a 720p camera. */
const USUAL_KBPS = 1_500;

/** Nothing of a picture is decoded on its way, so its height is what a camera usually has. */
const HEIGHT = 720;

/** What one publication sends, as sources of the delivery: they are there until `close`. */
export class Forwarded {
  readonly #relay: Relay;
  readonly #line: DeliveryLine;
  readonly #sources = new Map<Media, string>();
  readonly #rate: RateMeter;
  #picture: Feed | null = null;

  constructor(participant: string, kind: SourceKind, publisher: Publisher, parts: ForwardingParts) {
    const { room, line, createRelay, maxVideoKbps, nowMs } = parts;
    this.#line = line;
    this.#rate = new RateMeter(Math.min(USUAL_KBPS, maxVideoKbps), nowMs());
    this.#relay = createRelay(publisher.tracks, maxVideoKbps, {
      picture: (media, bytes) => {
        line.media(this.#sources.get(media)!, bytes);
        if (media === 'audio' || !this.#rate.count(bytes.length, nowMs())) return;
        this.#describePicture();
        parts.rateChanged();
      },
      restarted: (media) => line.restartSource(this.#sources.get(media)!),
      nack: (media, sequences) => publisher.nack(media, sequences),
      broken: () => {
        // Of what nobody watches nothing is missing.
        if (line.isUsed(this.#sources.get('video')!)) publisher.requestKeyFrame();
      },
      rttMs: () => publisher.stats().rttMs,
    });
    for (const { media, codec } of this.#relay.tracks) {
      const source = `${room}/from/${kind}/${participant}/${media}`;
      this.#sources.set(media, source);
      line.addSource({ source, media, codec }, { keyFrameWanted: () => publisher.requestKeyFrame() });
    }
    this.#describePicture();
  }

  /** Name of its sound; null where it has none. */
  get sound(): string | null {
    return this.#sources.get('audio') ?? null;
  }

  /** What a picture slot shows of it; null where it has no picture that can be forwarded. */
  get picture(): Feed | null {
    return this.#picture;
  }

  /** Takes a packet and its buffer. */
  rtp(media: Media, packet: Buffer, arrivalUs: number): void {
    this.#relay.rtp(media, packet, arrivalUs);
  }

  senderReport(media: Media, report: { ntpUs: number; rtpTimestamp: number }): void {
    this.#relay.senderReport(media, report);
  }

  /** What is on the air goes on, the rest is dropped. */
  pass(wanted: Record<Media, boolean>): void {
    this.#relay.pass(wanted);
  }

  #describePicture(): void {
    const track = this.#relay.tracks.find(({ media }) => media === 'video');
    const source = this.#sources.get('video');
    if (!track || source === undefined) return;
    this.#picture = { [track.codec]: [{ source, height: HEIGHT, kbps: this.#rate.kbps }] };
  }

  close(): void {
    this.#relay.close();
    for (const source of this.#sources.values()) this.#line.removeSource(source);
    this.#sources.clear();
  }
}
