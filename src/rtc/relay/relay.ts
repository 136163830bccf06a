/**
 * A speaker's own streams on their way to viewers: packets in order, whole pictures, in sync by the sender's
 * reports, nothing decoded. Whatever a publisher sends, only its own streams suffer.
 */

import { nowUs } from '../clock.ts';
import type { CreateRelay, ForwardedTrack, Media, PublishedTrack, Relay, RelayEvents } from '../contract.ts';
import { payloadReader } from './payload.ts';
import { SenderTimeline } from './senderClock.ts';
import { StreamRelay } from './streamRelay.ts';

const POLL_MS = 5;

export const createRelay: CreateRelay = (...args) => new SpeakerRelay(...args);

/** Whether viewers can be sent this track as it comes. */
const canForward = (track: PublishedTrack): track is ForwardedTrack =>
  track.media === 'audio' ? track.codec === 'opus' : payloadReader(track.codec) !== undefined;

class SpeakerRelay implements Relay {
  readonly tracks: ForwardedTrack[];
  readonly #events: RelayEvents;
  readonly #timeline = new SenderTimeline();
  readonly #streams = new Map<Media, StreamRelay>();
  readonly #passes: Record<Media, boolean> = { audio: true, video: true };
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(tracks: PublishedTrack[], maxVideoKbps: number, events: RelayEvents) {
    this.#events = events;
    this.tracks = tracks.filter(canForward);
    for (const track of this.tracks) this.#streams.set(track.media, this.#stream(track, maxVideoKbps));
  }

  rtp(media: Media, packet: Buffer, arrivalUs: number): void {
    const stream = this.#streams.get(media);
    if (this.#closed || stream === undefined || !this.#passes[media]) return;
    stream.push(packet, arrivalUs);
    if (stream.waiting) this.#timer ??= setInterval(() => this.#poll(), POLL_MS).unref();
  }

  senderReport(media: Media, report: { ntpUs: number; rtpTimestamp: number }): void {
    this.#timeline.reported(media, report);
  }

  pass(wanted: Record<Media, boolean>): void {
    for (const [media, stream] of this.#streams) {
      if (wanted[media] === this.#passes[media]) continue;
      this.#passes[media] = wanted[media];
      if (wanted[media]) stream.restart();
    }
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  #poll(): void {
    const now = nowUs();
    const rttUs = (this.#events.rttMs() ?? 0) * 1000;
    for (const stream of this.#streams.values()) stream.poll(now, rttUs);
    if ([...this.#streams.values()].some((stream) => stream.waiting)) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #stream(track: PublishedTrack, maxVideoKbps: number): StreamRelay {
    const { media } = track;
    return new StreamRelay(track, this.#timeline, maxVideoKbps, {
      picture: (bytes) => this.#events.picture(media, bytes),
      restarted: () => this.#events.restarted(media),
      nack: (sequences) => this.#events.nack(media, sequences),
      broken: () => {
        if (media === 'video') this.#events.broken();
      },
    });
  }
}
