import type { LagHistogram } from '../contract.ts';

const RESOLUTION_MS = 10;
const STEPS = [1, 1.2, 1.5, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9];
/** Some tenth apart, from 1 ms to 10 s. */
const BOUNDS_MS = [...[1, 10, 100, 1_000].flatMap((factor) => STEPS.map((step) => step * factor)), 10_000];

/**
 * How late the event loop of this thread is: what it took longer from one look to the next than it should
 * have. It only counts, from its start on; whoever wants to know of a span takes the difference of two.
 */
export class LoopLag {
  readonly #counts: number[] = new Array(BOUNDS_MS.length + 1).fill(0);
  readonly #timer = setInterval(() => this.#look(), RESOLUTION_MS).unref();
  #sumMs = 0;
  #lookedMs = performance.now();

  get histogram(): LagHistogram {
    return { boundsMs: BOUNDS_MS, counts: [...this.#counts], sumMs: this.#sumMs };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const nowMs = performance.now();
    const lateMs = Math.max(0, nowMs - this.#lookedMs - RESOLUTION_MS);
    this.#lookedMs = nowMs;
    this.#sumMs += lateMs;
    const bucket = BOUNDS_MS.findIndex((boundMs) => lateMs <= boundMs);
    this.#counts[bucket < 0 ? BOUNDS_MS.length : bucket]!++;
  }
}
