import type { Sample } from './openMetrics.ts';

/** `counts[i]` values were at most `boundsMs[i]`, the last entry all others. */
export interface Counted {
  boundsMs: readonly number[];
  counts: readonly number[];
  sumMs: number;
}

/** Samples of a family of type histogram, in seconds: buckets count what was at most their bound (OpenMetrics 1.0). */
export function histogramSamples(
  labels: Record<string, string>,
  { boundsMs, counts, sumMs }: Counted,
): Sample[] {
  let count = 0;
  const buckets = counts.map((added, index): Sample => {
    count += added;
    const bound = boundsMs[index];
    const le = bound === undefined ? '+Inf' : decimal(bound / 1000);
    return { value: count, suffix: '_bucket', labels: { ...labels, le } };
  });
  return [
    ...buckets,
    { value: sumMs / 1000, suffix: '_sum', labels },
    { value: count, suffix: '_count', labels },
  ];
}

/** The same in fewer buckets. @param boundsMs ascending, each a bound of the given one, too */
export function coarser({ boundsMs: fine, counts, sumMs }: Counted, boundsMs: readonly number[]): Counted {
  const summed: number[] = new Array(boundsMs.length + 1).fill(0);
  for (const [i, count] of counts.entries()) {
    const bound = fine[i] ?? Number.POSITIVE_INFINITY;
    const at = boundsMs.findIndex((each) => bound <= each);
    summed[at < 0 ? boundsMs.length : at]! += count;
  }
  return { boundsMs, counts: summed, sumMs };
}

/** Bounds are written as floating point numbers, whole ones too. */
const decimal = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
