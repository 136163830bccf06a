/** A run that lasted this long did not fail at its start. */
const LONG_RUN_MS = 20_000;

/** Pauses before something that ends is started again: each twice the one before, while runs are short. */
export class Backoff {
  readonly #firstMs: number;
  readonly #longestMs: number;
  readonly #longRunMs: number;
  #nextMs: number;

  /** @param longRunMs a run of at least this begins the pauses anew */
  constructor(firstMs: number, longestMs: number, longRunMs = LONG_RUN_MS) {
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
    this.#longRunMs = longRunMs;
    this.#nextMs = firstMs;
  }

  /** Counts an end. @returns the pause before the next start, in ms */
  pauseMs(ranMs: number): number {
    if (ranMs >= this.#longRunMs) this.#nextMs = this.#firstMs;
    const pauseMs = this.#nextMs;
    this.#nextMs = Math.min(pauseMs * 2, this.#longestMs);
    return pauseMs;
  }
}
