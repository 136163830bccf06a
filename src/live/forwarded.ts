import type { SourceKind } from '../../mixer/protocol/control.ts';
import type { CreateRelay, Feed, Media, Publisher, Relay } from '../rtc/contract.ts';
import type { DeliveryLine } from './deliveryLine.ts';

export interface ForwardingParts {
  room: string;
  line: DeliveryLine;
  createRelay: CreateRelay;
  /** What a speaker's picture is taken to need of a viewer's downlink. */
  kbps: number;
}

/** Nothing of a picture is decoded on its way, so its height is what a camera usually has. */
const HEIGHT = 720;

/** What one publication sends, as sources of the delivery: they are there until `close`. */
export class Forwarded {
  /** Name of its sound, and what a picture slot shows of it; null where it has none that can be forwarded. */
  readonly sound: string | null;
  readonly picture: Feed | null;
  readonly #relay: Relay;
  readonly #line: DeliveryLine;
  readonly #sources = new Map<Media, string>();

  constructor(participant: string, kind: SourceKind, publisher: Publisher, parts: ForwardingParts) {
    const { room, line, createRelay, kbps } = parts;
    this.#line = line;
    this.#relay = createRelay(publisher.tracks, {
      picture: (media, bytes) => line.media(this.#sources.get(media)!, bytes),
      restarted: (media) => line.restartSource(this.#sources.get(media)!),
      nack: (media, sequences) => publisher.nack(media, sequences),
      broken: () => {
        // Of what nobody watches nothing is missing.
        if (line.isUsed(this.#sources.get('video')!)) publisher.requestKeyFrame();
      },
      rttMs: () => publisher.stats().rttMs,
    });
    let picture: Feed | null = null;
    for (const { media, codec } of this.#relay.tracks) {
      const source = `${room}/from/${kind}/${participant}/${media}`;
      this.#sources.set(media, source);
      line.addSource({ source, media, codec }, () => publisher.requestKeyFrame());
      if (codec !== 'opus') picture = { [codec]: [{ source, height: HEIGHT, kbps }] };
    }
    this.sound = this.#sources.get('audio') ?? null;
    this.picture = picture;
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

  close(): void {
    this.#relay.close();
    for (const source of this.#sources.values()) this.#line.removeSource(source);
    this.#sources.clear();
  }
}
