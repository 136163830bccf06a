import { sum } from './line.ts';

/** A sum of known terms with fitted factors, and how far measurements are from it. */
export interface SurfaceFit {
  factors: number[];
  /** Standard error of each factor; null without points to spare. */
  errors: (number | null)[];
  /** Scatter around the surface; null without points to spare. */
  residual: number | null;
  points: number;
}

/**
 * Least squares for y = Σ factor·term.
 * @param rows the terms' values of each measurement, all equally many
 * @returns undefined when the measurements do not tell the terms apart
 */
export function fitSurface(
  rows: readonly (readonly number[])[],
  ys: readonly number[],
): SurfaceFit | undefined {
  const terms = rows[0]?.length ?? 0;
  if (terms === 0 || rows.length < terms) return undefined;
  // Terms differ by orders of magnitude (1 against speakers × viewers): each is scaled to its largest value.
  const scales = range(terms).map((term) => Math.max(...rows.map((row) => Math.abs(row[term]!))) || 1);
  const scaled = rows.map((row) => row.map((value, term) => value / scales[term]!));
  const inverse = invert(
    range(terms).map((i) => range(terms).map((j) => sum(scaled.map((row) => row[i]! * row[j]!)))),
  );
  if (!inverse) return undefined;
  const right = range(terms).map((i) => sum(scaled.map((row, at) => row[i]! * ys[at]!)));
  const factors = inverse.map((row) => sum(row.map((value, j) => value * right[j]!)));
  const misses = scaled.map((row, at) => ys[at]! - sum(row.map((value, term) => value * factors[term]!)));
  const spare = rows.length - terms;
  const variance = spare > 0 ? sum(misses.map((miss) => miss ** 2)) / spare : null;
  return {
    factors: factors.map((factor, term) => factor / scales[term]!),
    errors: inverse.map((row, term) =>
      variance === null ? null : Math.sqrt(variance * row[term]!) / scales[term]!,
    ),
    residual: variance === null ? null : Math.sqrt(variance),
    points: rows.length,
  };
}

/** Gauss and Jordan, with the largest pivot. */
function invert(matrix: number[][]): number[][] | undefined {
  const size = matrix.length;
  const work = matrix.map((row, i) => [...row, ...range(size).map((j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < size; column++) {
    const rest = range(size).slice(column);
    const best = rest.reduce((a, b) => (Math.abs(work[b]![column]!) > Math.abs(work[a]![column]!) ? b : a));
    if (Math.abs(work[best]![column]!) < 1e-9) return undefined;
    [work[column], work[best]] = [work[best]!, work[column]!];
    const pivot = work[column]![column]!;
    work[column] = work[column]!.map((value) => value / pivot);
    for (const row of range(size)) {
      const factor = work[row]![column]!;
      if (row === column || factor === 0) continue;
      work[row] = work[row]!.map((value, j) => value - factor * work[column]![j]!);
    }
  }
  return work.map((row) => row.slice(size));
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
