import { seededRandom } from '../../../../../scripts/bench/clips/random.ts';
import type { At } from '../../../../../scripts/bench/report/fit/line.ts';

/** Seeded numbers of a normal distribution, of mean 0 and deviation 1 (Box and Muller). */
export function normals(seed: number): () => number {
  const uniform = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** A line measured at each x twice, with noise. */
export function noisy(
  line: { intercept: number; slope: number },
  xs: readonly number[],
  deviation: number,
  normal: () => number,
): At[] {
  return [...xs, ...xs].map((x) => ({ x, y: line.intercept + line.slope * x + deviation * normal() }));
}
