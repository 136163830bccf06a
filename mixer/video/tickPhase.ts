/** How much a picture counts: the mean follows within a second. */
const WEIGHT = 0.02;

/** Below it pictures come at any time in the period, and no moment is better than another. 0..1 */
const CLUSTERED = 0.5;

/** Nearer than this is good enough, and a tick is moved by this at most: pictures stay evenly spaced to the eye. */
const NEAR_US = 1_500;
const MOST_US = 200;

/**
 * Where in its period a canvas should tick, so that pictures are drawn neither long after they were due nor long
 * before. Cameras tick as evenly as we do: with one or two of them chance would otherwise decide once, for the
 * whole meeting, about up to a period of latency and of lip sync. Times within a period lie on a circle, so
 * their mean is one of directions.
 */
export class TickPhase {
  readonly #periodUs: number;
  #x = 0;
  #y = 0;

  constructor(periodUs: number) {
    this.#periodUs = periodUs;
  }

  /** A picture was drawn so long after the moment it belonged to; negative when before. */
  note(lateUs: number): void {
    const angle = this.#angle(lateUs);
    this.#x += WEIGHT * (Math.cos(angle) - this.#x);
    this.#y += WEIGHT * (Math.sin(angle) - this.#y);
  }

  /** By how much the next tick should come later, or sooner when negative; µs. It is taken for granted that it does. */
  takeShiftUs(): number {
    const lateUs = (Math.atan2(this.#y, this.#x) / (2 * Math.PI)) * this.#periodUs;
    if (Math.hypot(this.#x, this.#y) < CLUSTERED || Math.abs(lateUs) < NEAR_US) return 0;
    const shiftUs = lateUs > 0 ? -MOST_US : MOST_US;
    this.#turn(this.#angle(shiftUs));
    return shiftUs;
  }

  #angle(us: number): number {
    return (2 * Math.PI * us) / this.#periodUs;
  }

  /** What was noted before the ticks moved would be late by as much more. */
  #turn(angle: number): void {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    [this.#x, this.#y] = [this.#x * cos - this.#y * sin, this.#x * sin + this.#y * cos];
  }
}
