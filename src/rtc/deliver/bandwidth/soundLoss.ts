const LOSSY = 0.02;
const MIN_LOST = 2;
const HOLD_US = 10_000_000;

/** Whether a viewer's network loses so much of late that sound is worth protecting. */
export class SoundLoss {
  #untilUs = -Infinity;

  /** @param fraction lost of `packets`, 0..1 */
  reported(packets: number, fraction: number, nowUs: number): void {
    if (fraction >= LOSSY && packets * fraction >= MIN_LOST) this.#untilUs = nowUs + HOLD_US;
  }

  isLossy(nowUs: number): boolean {
    return nowUs < this.#untilUs;
  }
}
