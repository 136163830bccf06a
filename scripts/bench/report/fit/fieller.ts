/** A number and the interval that holds its true value with the confidence asked for; null is no bound. */
export interface Interval {
  low: number | null;
  high: number | null;
}

/** Two estimates that may be correlated. */
export interface Ratio {
  numerator: number;
  denominator: number;
  numeratorVariance: number;
  denominatorVariance: number;
  covariance: number;
}

/**
 * Confidence set of a ratio of two normal estimates (Fieller, 1954): all r for which numerator − r·denominator
 * is within t standard errors of 0. With a denominator that may be 0 the set has no upper or no lower end, or
 * is everything; the part that holds the estimate is given then.
 * @param t quantile of Student's distribution, such as 2.306
 */
export function fieller(ratio: Ratio, t: number): Interval {
  const { numerator, denominator, numeratorVariance, denominatorVariance, covariance } = ratio;
  const a = denominator ** 2 - t ** 2 * denominatorVariance;
  const b = numerator * denominator - t ** 2 * covariance;
  const c = numerator ** 2 - t ** 2 * numeratorVariance;
  const root = Math.sqrt(Math.max(0, b ** 2 - a * c));
  if (a > 0) return { low: (b - root) / a, high: (b + root) / a };
  if (a === 0 || b ** 2 - a * c <= 0) return { low: null, high: null };
  // The set lies outside of both roots: below the lower one, or above the upper one.
  const [lower, upper] = [(b + root) / a, (b - root) / a];
  return numerator / denominator >= upper ? { low: upper, high: null } : { low: null, high: lower };
}
