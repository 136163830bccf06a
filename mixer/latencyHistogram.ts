import type { Histogram } from './protocol/control.ts';

/** Bounds in ms: fine where it should be, coarse where it should not. */
const BOUNDS_MS = [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 80, 100, 150, 200, 300, 500, 1000];

/** Counts delays since the mixer's start. */
export class LatencyHistogram {
  readonly #counts: number[] = new Array(BOUNDS_MS.length + 1).fill(0);
  #sumMs = 0;

  add(ms: number): void {
    if (!(ms >= 0)) return;
    let at = 0;
    while (at < BOUNDS_MS.length && ms > BOUNDS_MS[at]!) at++;
    this.#counts[at]!++;
    this.#sumMs += ms;
  }

  get histogram(): Histogram {
    return { boundsMs: [...BOUNDS_MS], counts: [...this.#counts], sumMs: this.#sumMs };
  }
}
