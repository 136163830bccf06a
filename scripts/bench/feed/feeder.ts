import type { Writable } from 'node:stream';
import { controlFrame, RtpBatch } from '../../../mixer/protocol/framing.ts';
import { clip } from '../program.ts';
import type { LoopedTrack } from './loopedTrack.ts';

/** A track, its number in the protocol, and how far its sender's pictures are behind the first one's. */
export interface FedTrack {
  number: number;
  phaseUs: number;
  track: LoopedTrack;
}

const LOOP_US = clip.seconds * 1e6;
const REPORT_EVERY_US = 1e6;

/** Any time will do, as long as all senders agree: microseconds since 1900. */
const NTP_START_US = 3_900_000_000e6;

/** The monotonic clock that all processes of this machine share, in microseconds. */
export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Where one track's sending stands. */
class Cursor {
  readonly fed: FedTrack;
  #next = 0;
  #loopUs = 0;

  constructor(fed: FedTrack) {
    this.fed = fed;
  }

  /** When the next packet leaves, in microseconds after the start. */
  get dueUs(): number {
    return this.fed.phaseUs + this.#loopUs + this.fed.track.packets[this.#next]!.atUs;
  }

  /** Hands the next packet to `send`, which must not keep it. */
  step(send: (track: number, packet: Buffer) => void): void {
    const { packets } = this.fed.track;
    const { packet } = packets[this.#next]!;
    send(this.fed.number, packet);
    this.fed.track.advance(packet);
    this.#next = (this.#next + 1) % packets.length;
    if (this.#next === 0) this.#loopUs += LOOP_US;
  }
}

/**
 * Sends prepared packets into a mixer's channel at real pace, over and over, with sender reports once a
 * second per track. All packets due at one moment go out in one write, as the server does it.
 */
export class Feeder {
  readonly #channel: Writable;
  readonly #cursors: Cursor[];
  readonly #batch = new RtpBatch();
  #startUs = 0;
  #nextReportUs = 0;
  #timer: NodeJS.Timeout | undefined;

  /** How late the latest packet left, in microseconds: whether this process kept the pace. */
  worstLateUs = 0;

  constructor(channel: Writable, tracks: FedTrack[]) {
    this.#channel = channel;
    this.#cursors = tracks.map((fed) => new Cursor(fed));
  }

  start(): void {
    this.#startUs = nowUs();
    this.#send();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #send(): void {
    const now = nowUs();
    const sinceUs = now - this.#startUs;
    let nextUs = Number.POSITIVE_INFINITY;
    for (const cursor of this.#cursors) {
      while (cursor.dueUs <= sinceUs) {
        this.worstLateUs = Math.max(this.worstLateUs, sinceUs - cursor.dueUs);
        cursor.step((track, packet) => this.#batch.add(track, now, packet));
      }
      nextUs = Math.min(nextUs, cursor.dueUs);
    }
    if (!this.#batch.empty) this.#channel.write(this.#batch.take());
    if (sinceUs >= this.#nextReportUs) this.#report(now, sinceUs);
    const waitMs = (this.#startUs + nextUs - nowUs()) / 1000;
    this.#timer = setTimeout(() => this.#send(), Math.max(1, Math.ceil(waitMs)));
  }

  #report(now: number, sinceUs: number): void {
    this.#nextReportUs += REPORT_EVERY_US;
    for (const { fed } of this.#cursors) {
      const { clockRate, firstTimestamp } = fed.track;
      const ticks = Math.round(((sinceUs - fed.phaseUs) * clockRate) / 1e6);
      this.#channel.write(
        controlFrame({
          type: 'sender-report',
          track: fed.number,
          ntpUs: NTP_START_US + sinceUs,
          rtpTimestamp: (firstTimestamp + ticks) >>> 0,
          arrivalUs: now,
        }),
      );
    }
  }
}
