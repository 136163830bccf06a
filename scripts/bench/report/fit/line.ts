/** One measurement: y at x. */
export interface At {
  x: number;
  y: number;
}

/** A straight line through measurements, by least squares, with what is known of its error. */
export interface LineFit {
  /** y at x = 0. */
  intercept: number;
  /** y per unit of x. */
  slope: number;
  /** Standard errors; null with two points, which fit any line. */
  interceptError: number | null;
  slopeError: number | null;
  /** Covariance of intercept and slope; null with two points. */
  covariance: number | null;
  /** Scatter around the line, in units of y; null with two points. */
  residual: number | null;
  points: number;
  /** Where x was measured. */
  from: number;
  to: number;
}

/**
 * @returns undefined when all measurements have the same x, or there are fewer than two: no line then
 */
export function fitLine(points: readonly At[]): LineFit | undefined {
  const n = points.length;
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const spread = sum(points.map(({ x }) => (x - meanX) ** 2));
  if (!(spread > 0)) return undefined;
  const slope = sum(points.map(({ x, y }) => (x - meanX) * (y - meanY))) / spread;
  const intercept = meanY - slope * meanX;
  const xs = points.map(({ x }) => x);
  const range = { points: n, from: Math.min(...xs), to: Math.max(...xs) };
  if (n < 3) {
    const unknown = { interceptError: null, slopeError: null, covariance: null, residual: null };
    return { intercept, slope, ...unknown, ...range };
  }
  const variance = sum(points.map(({ x, y }) => (y - intercept - slope * x) ** 2)) / (n - 2);
  return {
    intercept,
    slope,
    interceptError: Math.sqrt(variance * (1 / n + meanX ** 2 / spread)),
    slopeError: Math.sqrt(variance / spread),
    covariance: (-meanX * variance) / spread,
    residual: Math.sqrt(variance),
    ...range,
  };
}

/** The line's height at x. */
export function valueAt({ intercept, slope }: Pick<LineFit, 'intercept' | 'slope'>, x: number): number {
  return intercept + slope * x;
}

/** Variance of the line's height at x; null when the line's error is not known. */
export function varianceAt(line: LineFit, x: number): number | null {
  const { interceptError, slopeError, covariance } = line;
  if (interceptError === null || slopeError === null || covariance === null) return null;
  return interceptError ** 2 + 2 * x * covariance + (x * slopeError) ** 2;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** NaN of nothing. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
