/** How long is counted before a rate is believed. */
const WINDOW_MS = 2_000;
/** A rate is told with this much to spare, and told anew when it is more, or less than half of it. */
const SPARE = 1.2;
const MUCH_LESS = 0.5;
const LEAST_KBPS = 100;

/** The bit rate of a stream, as it is told to those who plan with it: seldom, and rather too high. */
export class RateMeter {
  #kbps: number;
  #bytes = 0;
  #sinceMs: number;

  /** @param kbps what is assumed before anything was counted */
  constructor(kbps: number, nowMs: number) {
    this.#kbps = kbps;
    this.#sinceMs = nowMs;
  }

  get kbps(): number {
    return this.#kbps;
  }

  /** Returns true when the rate is another from now on. */
  count(bytes: number, nowMs: number): boolean {
    this.#bytes += bytes;
    const elapsedMs = nowMs - this.#sinceMs;
    if (elapsedMs < WINDOW_MS) return false;
    const kbps = Math.max(LEAST_KBPS, (this.#bytes * 8) / elapsedMs);
    this.#bytes = 0;
    this.#sinceMs = nowMs;
    if (kbps <= this.#kbps && kbps > this.#kbps * MUCH_LESS) return false;
    this.#kbps = Math.round(kbps * SPARE);
    return true;
  }
}
