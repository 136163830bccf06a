/** A rate limit that allows bursts: `perSecond` on average, at most `burst` at once. */
export class TokenBucket {
  readonly #perUs: number;
  readonly #burst: number;
  #tokens: number;
  #at = -1;

  constructor(perSecond: number, burst: number) {
    this.#perUs = perSecond / 1e6;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Takes `amount` when there is enough; `nowUs` is monotonic. */
  take(nowUs: number, amount = 1): boolean {
    if (this.#at >= 0 && nowUs > this.#at) {
      this.#tokens = Math.min(this.#burst, this.#tokens + (nowUs - this.#at) * this.#perUs);
    }
    this.#at = nowUs;
    if (this.#tokens < amount) return false;
    this.#tokens -= amount;
    return true;
  }
}
