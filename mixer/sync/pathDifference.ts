import type { TrackClock } from './trackClock.ts';

/** Two tracks of one sender are never this far apart on their way: then a report is wrong. */
const MAX_DIFFERENCE_US = 1_000_000;

/** How fast a difference that is learned is followed: pictures then run a fifth faster or slower. */
const SLEW = 0.2;
const MAX_STEP_US = 100_000;

/**
 * By how much the sound of a source is longer on its way than its pictures, as sender reports tell
 * (RFC 3550 6.4.1). Before the first reports both are taken to be as long; what is learned later is
 * followed without a jump, and what no network can explain is not believed.
 */
export class PathDifference {
  #wantedUs = 0;
  #atUs: number | undefined;
  /** Positive where sound takes longer, in microseconds. */
  us = 0;

  follow(audio: TrackClock, video: TrackClock | undefined, nowUs: number): void {
    const differenceUs = (audio.pathUs ?? Number.NaN) - (video?.pathUs ?? Number.NaN);
    if (Math.abs(differenceUs) <= MAX_DIFFERENCE_US) this.#wantedUs = differenceUs;
    const passedUs = Math.min(MAX_STEP_US, nowUs - (this.#atUs ?? nowUs));
    this.#atUs = nowUs;
    const most = Math.max(0, passedUs) * SLEW;
    this.us += Math.min(most, Math.max(-most, this.#wantedUs - this.us));
  }

  reset(): void {
    this.#wantedUs = 0;
    this.us = 0;
  }
}
