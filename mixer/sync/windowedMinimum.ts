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
    if (nowUs - this.#startedUs > this.#windowUs) {
      this.#previous = this.#current;
      this.#current = value;
      this.#startedUs = nowUs;
    } else if (value < this.#current) {
      this.#current = value;
    }
  }

  get value(): number | undefined {
    const least = Math.min(this.#current, this.#previous);
    return Number.isFinite(least) ? least : undefined;
  }
}
