/** A request that was not answered is repeated after this. */
const REPEAT_US = 500_000;
/** The encoder needs some pictures' time to answer. */
const MARGIN_US = 200_000;

/** When to ask for a key frame so that one comes at least every `intervalUs`. */
export class KeyFramePace {
  readonly #intervalUs: number;
  #lastUs = Number.NEGATIVE_INFINITY;
  #askedUs = Number.NEGATIVE_INFINITY;

  constructor(intervalUs: number) {
    this.#intervalUs = intervalUs;
  }

  /** True when one is to be asked for, now that this picture came. */
  picture({ keyFrame, ptsUs }: { keyFrame: boolean; ptsUs: number }): boolean {
    if (keyFrame) this.#lastUs = ptsUs;
    const isDue = ptsUs - this.#lastUs >= this.#intervalUs - MARGIN_US;
    if (!isDue || ptsUs - this.#askedUs < REPEAT_US) return false;
    this.#askedUs = ptsUs;
    return true;
  }
}
