/** A mixer that lived this long did not die of its start. */
const LONG_LIFE_MS = 10_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** How long to wait before a dead mixer is replaced: not at all, unless it keeps dying young. */
export class RestartPace {
  /** Deaths in a row, none of them after a long life. */
  #young = 0;

  /**
   * Counts a death.
   * @param livedMs how long the mixer had lived
   * @returns the pause before the next start: 0, then 250 ms doubling up to 5 s
   */
  pauseMs(livedMs: number): number {
    if (livedMs >= LONG_LIFE_MS) this.#young = 0;
    const pause = this.#young === 0 ? 0 : FIRST_PAUSE_MS * 2 ** (this.#young - 1);
    this.#young++;
    return Math.min(pause, LONGEST_PAUSE_MS);
  }
}
