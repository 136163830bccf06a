/** After so long without a change, in microseconds, only every so many pictures is encoded. */
const STEPS = [
  { afterUs: 3_000_000, every: 4 },
  { afterUs: 1_000_000, every: 2 },
] as const;

/** Pictures a second that are encoded all the same, of a canvas that has as many. */
const LEAST_FPS = 7.5;

/**
 * How often a canvas that does not change is encoded: every picture, after a second every other one, after
 * three seconds every fourth. The first change is encoded at once.
 */
export class StillPace {
  readonly #longestStep: number;
  #changedUs = Number.NEGATIVE_INFINITY;
  #ticks = 0;

  /** @param fps of the canvas */
  constructor(fps: number) {
    this.#longestStep = Math.max(1, Math.floor(fps / LEAST_FPS));
  }

  /** Whether the picture of this tick is to be encoded. */
  takes(changed: boolean, nowUs: number): boolean {
    if (changed || this.#changedUs === Number.NEGATIVE_INFINITY) {
      this.#changedUs = nowUs;
      this.#ticks = 0;
      return true;
    }
    const every = STEPS.find(({ afterUs }) => nowUs - this.#changedUs >= afterUs)?.every ?? 1;
    return ++this.#ticks % Math.min(every, this.#longestStep) === 0;
  }
}
