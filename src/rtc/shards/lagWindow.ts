import type { LagHistogram } from '../contract.ts';

const SHARE = 0.99;

/** The lateness of a loop over its last looks, told its counts at each; whoever asks changes nothing. */
export class LagWindow {
  readonly #looks: number;
  readonly #counts: (readonly number[])[] = [];
  #boundsMs: readonly number[] = [];

  /** @param looks the span from the newest look back */
  constructor(looks: number) {
    this.#looks = looks;
  }

  push({ boundsMs, counts }: LagHistogram): void {
    this.#boundsMs = boundsMs;
    this.#counts.push(counts);
    if (this.#counts.length > this.#looks + 1) this.#counts.shift();
  }

  /** 99th percentile of the window, ms; since the start while that is shorter ago, 0 before the first look. */
  get p99Ms(): number {
    return this.#p99Ms(this.#counts.length <= this.#looks ? undefined : this.#counts[0]);
  }

  /** 99th percentile since the look before the last one, ms. */
  get lastP99Ms(): number {
    return this.#p99Ms(this.#counts.at(-2));
  }

  #p99Ms(before: readonly number[] | undefined): number {
    const counts = this.#counts.at(-1)?.map((count, i) => count - (before?.[i] ?? 0)) ?? [];
    return percentileMs(this.#boundsMs, counts, SHARE);
  }
}

/** Below which bound so many of all lie, as if they were spread evenly within each bucket. */
export function percentileMs(boundsMs: readonly number[], counts: readonly number[], share: number): number {
  let left = counts.reduce((sum, count) => sum + count, 0) * share;
  for (const [i, count] of counts.entries()) {
    if (count > 0 && left <= count) {
      const fromMs = boundsMs[i - 1] ?? 0;
      return fromMs + ((boundsMs[i] ?? fromMs) - fromMs) * (left / count);
    }
    left -= count;
  }
  return 0;
}
