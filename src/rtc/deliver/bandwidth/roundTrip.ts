const MAX_MS = 60_000;
const BASE_WINDOW_US = 30_000_000;
/** A queue of that length is ours; a network that is slow by nature moves its base. */
const MIN_GROWTH_MS = 200;
/** So many in a row: a browser that is short of CPU answers late, too, now and then. */
const IN_A_ROW = 3;

/** Round trips to a viewer, and whether a queue has built up on the way. */
export class RoundTrip {
  #ms: number | null = null;
  #beforeMs = 0;
  #grown = 0;
  /** The shortest one of the last half minute, in two halves that take turns. */
  #bases: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  #turnedUs = 0;

  get ms(): number | null {
    return this.#ms;
  }

  push(ms: number, nowUs: number): void {
    if (!(ms >= 0) || ms > MAX_MS) return;
    this.#beforeMs = this.#ms ?? ms;
    this.#ms = ms;
    if (nowUs - this.#turnedUs > BASE_WINDOW_US / 2) {
      this.#bases = [this.#bases[1], Number.POSITIVE_INFINITY];
      this.#turnedUs = nowUs;
    }
    this.#bases[1] = Math.min(this.#bases[1], ms);
    this.#grown = ms - this.#base > Math.max(MIN_GROWTH_MS, this.#base / 2) ? this.#grown + 1 : 0;
  }

  /** How much longer the last two took than the shortest, ms: one alone may be chance. */
  get queueMs(): number {
    return this.#ms === null ? 0 : Math.min(this.#ms, this.#beforeMs) - this.#base;
  }

  /** Several in a row were long. */
  get isQueued(): boolean {
    return this.#grown >= IN_A_ROW;
  }

  get #base(): number {
    return Math.min(...this.#bases);
  }
}
