import type { Media } from '../contract.ts';
import { timestampDistance } from '../sequence.ts';

/** The least delay of the last one to two windows counts: it follows a drifting clock and ignores jitter. */
const WINDOW_US = 10_000_000;
/** Delay that grows by more at once is no jitter: the sender's clock was set back. */
const JUMP_US = 1_000_000;
/** Two streams of one sender are never this far apart on their way: a report is wrong then. */
const MAX_PATH_DIFFERENCE_US = 1_000_000;

/** One RTP clock of a sender, and when its moments were by ours. */
export class SenderClock {
  readonly #ticksPerUs: number;
  #ticks = 0;
  #lastTimestamp = -1;
  #leastUs = Number.POSITIVE_INFINITY;
  #leastBeforeUs = Number.POSITIVE_INFINITY;
  #windowUs = 0;
  #report: { ntpUs: number; rtpTimestamp: number } | undefined;

  constructor(clockRate: number) {
    this.#ticksPerUs = clockRate / 1e6;
  }

  /** A packet came. */
  arrived(rtpTimestamp: number, arrivalUs: number): void {
    if (this.#lastTimestamp < 0) this.#windowUs = arrivalUs;
    else this.#ticks += timestampDistance(rtpTimestamp, this.#lastTimestamp);
    this.#lastTimestamp = rtpTimestamp;
    const delayUs = arrivalUs - this.#ticks / this.#ticksPerUs;
    const ageUs = arrivalUs - this.#windowUs;
    const jumped = delayUs > Math.min(this.#leastUs, this.#leastBeforeUs) + JUMP_US;
    if (ageUs > WINDOW_US || jumped) {
      this.#leastBeforeUs = jumped || ageUs > 2 * WINDOW_US ? Number.POSITIVE_INFINITY : this.#leastUs;
      this.#leastUs = delayUs;
      this.#windowUs = arrivalUs;
    } else if (delayUs < this.#leastUs) this.#leastUs = delayUs;
  }

  /** Its sender says which moment of theirs a timestamp was (RFC 3550 6.4.1). */
  reported(ntpUs: number, rtpTimestamp: number): void {
    this.#report = { ntpUs, rtpTimestamp };
  }

  /** When a timestamp near the last one would have come on the quickest path; undefined before any came. */
  localUs(rtpTimestamp: number): number | undefined {
    if (this.#lastTimestamp < 0) return undefined;
    const ticks = this.#ticks + timestampDistance(rtpTimestamp, this.#lastTimestamp);
    return ticks / this.#ticksPerUs + Math.min(this.#leastUs, this.#leastBeforeUs);
  }

  /** How far our clock is ahead of the sender's NTP clock, quickest path included; undefined before a report. */
  get leadUs(): number | undefined {
    if (this.#report === undefined) return undefined;
    const localUs = this.localUs(this.#report.rtpTimestamp);
    return localUs === undefined ? undefined : localUs - this.#report.ntpUs;
  }
}

/**
 * Sound and picture of one sender on our clock, in sync with each other: by sender reports, by arrival
 * until both have one.
 */
export class SenderTimeline {
  readonly #clocks: Partial<Record<Media, SenderClock>> = {};

  /** A stream begins, or begins anew with another clock. */
  begin(media: Media, clockRate: number): SenderClock {
    const clock = new SenderClock(clockRate);
    this.#clocks[media] = clock;
    return clock;
  }

  reported(media: Media, report: { ntpUs: number; rtpTimestamp: number }): void {
    this.#clocks[media]?.reported(report.ntpUs, report.rtpTimestamp);
  }

  /** The moment, on our monotonic clock, that a timestamp stands for. */
  ptsUs(media: Media, rtpTimestamp: number): number {
    const clock = this.#clocks[media];
    return (clock?.localUs(rtpTimestamp) ?? 0) - this.#behindUs(media);
  }

  /** By how much this stream's path is longer than the other's. */
  #behindUs(media: Media): number {
    const own = this.#clocks[media]?.leadUs;
    const other = this.#clocks[media === 'audio' ? 'video' : 'audio']?.leadUs;
    if (own === undefined || other === undefined) return 0;
    const differenceUs = own - other;
    return differenceUs > 0 && differenceUs <= MAX_PATH_DIFFERENCE_US ? differenceUs : 0;
  }
}
