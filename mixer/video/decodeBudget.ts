/** The share of one processor that decoding one source may take for long. */
const SHARE = 0.25;
/** What it may take at once beyond that, and what it must have saved to go on after it had nothing left. */
const MOST_SAVED_US = 100_000;
const ENOUGH_SAVED_US = 60_000;

/**
 * How much of the mixer's time one source may have: a picture of the largest size, or 120 of them a second, is
 * shown as long as nobody else has to wait for it.
 */
export class DecodeBudget {
  #savedUs = MOST_SAVED_US;
  #lastUs: number | undefined;
  #isSpent = false;

  /** Whether another picture may be decoded now. */
  allows(nowUs: number): boolean {
    const passedUs = Math.max(0, nowUs - (this.#lastUs ?? nowUs));
    this.#lastUs = nowUs;
    this.#savedUs = Math.min(MOST_SAVED_US, this.#savedUs + SHARE * passedUs);
    if (this.#savedUs <= 0) this.#isSpent = true;
    else if (this.#savedUs >= ENOUGH_SAVED_US) this.#isSpent = false;
    return !this.#isSpent;
  }

  /** A picture took this long. */
  spend(us: number): void {
    // What was taken in one go must not be paid for ever: the machine may have stood still meanwhile.
    this.#savedUs = Math.max(-MOST_SAVED_US, this.#savedUs - us);
  }
}
