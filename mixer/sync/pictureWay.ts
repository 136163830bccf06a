/** Sound waits for pictures that are this much later in the mean, until that is no more than the second. */
const LATE_US = 30_000;
const LEFT_US = 10_000;

/** Sound waits no longer than this: then pictures are late for a reason that sound should not share. */
const MAX_HOLD_US = 800_000;

/** The mean takes a tenth of each picture's difference, and of one that stood in a queue no more than this. */
const WEIGHT = 0.1;
const MAX_CHANGE_US = 60_000;

/** Pictures that have not come for this long hold nothing. */
const FORGOTTEN_US = 5_000_000;

/** How long the pictures of a source take from the camera until they can be drawn, and what sound does about it. */
export class PictureWay {
  #delayUs: number | undefined;
  #lastUs = 0;
  #isHolding = false;

  /** A picture captured at `captureUs` can be drawn since `nowUs`. */
  noteReady(captureUs: number, nowUs: number): void {
    const changeUs = nowUs - captureUs - (this.#delayUs ?? 0);
    this.#delayUs =
      (this.#delayUs ?? 0) + WEIGHT * Math.min(MAX_CHANGE_US, Math.max(-MAX_CHANGE_US, changeUs));
    this.#lastUs = nowUs;
  }

  /**
   * The least delay that sound should have so that it is not heard before its picture is seen, 0 for any.
   *
   * @param soundUs the delay that sound has now
   */
  wantedUs(soundUs: number, nowUs: number): number {
    if (this.#delayUs === undefined || nowUs - this.#lastUs > FORGOTTEN_US) this.#isHolding = false;
    else if (this.#delayUs - soundUs > LATE_US) this.#isHolding = true;
    return this.#isHolding ? Math.min(MAX_HOLD_US, Math.max(0, this.#delayUs! - LEFT_US)) : 0;
  }

  reset(): void {
    this.#delayUs = undefined;
    this.#isHolding = false;
  }
}
