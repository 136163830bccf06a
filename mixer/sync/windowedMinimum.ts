/** A value this much above the least is no jitter: the clock behind it was set back. */
const JUMP_US = 1_000_000;

/** Least value of the last one to two windows: follows a drifting clock, ignores jitter. */
export class WindowedMinimum {
  readonly #windowUs: number;
  #startedUs = Number.NEGATIVE_INFINITY;
  #current = Number.POSITIVE_INFINITY;
  #previous = Number.POSITIVE_INFINITY;

  constructor(windowUs = 10_000_000) {
    this.#windowUs = windowUs;
  }

  push(value: number, nowUs: number): void {
    const ageUs = nowUs - this.#startedUs;
    if (ageUs > 2 * this.#windowUs || value > Math.min(this.#current, this.#previous) + JUMP_US) {
      this.#previous = Number.POSITIVE_INFINITY;
      this.#begin(value, nowUs);
    } else if (ageUs > this.#windowUs) {
      this.#previous = this.#current;
      this.#begin(value, nowUs);
    } else if (value < this.#current) {
      this.#current = value;
    }
  }

  get value(): number | undefined {
    const least = Math.min(this.#current, this.#previous);
    return Number.isFinite(least) ? least : undefined;
  }

  #begin(value: number, nowUs: number): void {
    this.#current = value;
    this.#startedUs = nowUs;
  }
}
