import { fieller, type Interval } from './fieller.ts';
import { type LineFit, varianceAt } from './line.ts';
import { studentT } from './studentT.ts';

export const CONFIDENCE = 0.95;

/**
 * From how many viewers on mixing is cheaper.
 * - `at`: within the range of viewers that was measured
 * - `beyond`: the lines cross further out than was measured: predicted
 * - `always`: mixing is cheaper from the first viewer on
 * - `never`: a viewer costs mixing at least as much as forwarding
 * - `undetermined`: a viewer seems cheaper for mixing, but the measurements scatter too much to say so
 */
export type BreakEvenKind = 'at' | 'beyond' | 'always' | 'never' | 'undetermined';

export interface BreakEven {
  kind: BreakEvenKind;
  /** Where the two lines cross; null for `never` and `always`. */
  viewers: number | null;
  /** Interval of 95 % confidence, never below 0; null: no bound, or not known. */
  low: number | null;
  high: number | null;
}

/** Where the line of mixing comes to lie below the one of forwarding. */
export function breakEven(mixing: LineFit, forwarding: LineFit): BreakEven {
  const dearer = mixing.intercept - forwarding.intercept;
  const saved = forwarding.slope - mixing.slope;
  if (saved <= 0)
    return dearer < 0 ? undetermined(null) : { kind: 'never', viewers: null, low: null, high: null };
  const viewers = dearer / saved;
  const { low, high } = crossing(mixing, forwarding, viewers);
  const bounds = { low: low === null ? null : Math.max(0, low), high };
  if (viewers <= 0) return { kind: 'always', viewers: null, ...bounds };
  const isKnown = mixing.slopeError !== null && forwarding.slopeError !== null;
  if (isKnown && high === null) return { ...undetermined(viewers), low: bounds.low };
  const measured = Math.min(mixing.to, forwarding.to);
  return { kind: viewers <= measured ? 'at' : 'beyond', viewers, ...bounds };
}

function undetermined(viewers: number | null): BreakEven {
  return { kind: 'undetermined', viewers, low: null, high: null };
}

function crossing(mixing: LineFit, forwarding: LineFit, viewers: number): Interval {
  const t = quantile(mixing, forwarding, viewers);
  if (t === null) return { low: null, high: null };
  return fieller(
    {
      numerator: mixing.intercept - forwarding.intercept,
      denominator: forwarding.slope - mixing.slope,
      numeratorVariance: mixing.interceptError! ** 2 + forwarding.interceptError! ** 2,
      denominatorVariance: mixing.slopeError! ** 2 + forwarding.slopeError! ** 2,
      covariance: -(mixing.covariance! + forwarding.covariance!),
    },
    t,
  );
}

/** What one more viewer costs mixing, as a share of what it costs forwarding. */
export interface SlopeRatio extends Interval {
  ratio: number;
}

/** @returns undefined when forwarding's slope is not above 0 */
export function slopeRatio(mixing: LineFit, forwarding: LineFit): SlopeRatio | undefined {
  if (!(forwarding.slope > 0)) return undefined;
  const ratio = mixing.slope / forwarding.slope;
  if (mixing.slopeError === null || forwarding.slopeError === null) return { ratio, low: null, high: null };
  const variances = [mixing.slopeError ** 2, (ratio * forwarding.slopeError) ** 2] as const;
  const t = studentT((1 + CONFIDENCE) / 2, jointDegrees(variances, mixing, forwarding));
  const interval = fieller(
    {
      numerator: mixing.slope,
      denominator: forwarding.slope,
      numeratorVariance: mixing.slopeError ** 2,
      denominatorVariance: forwarding.slopeError ** 2,
      covariance: 0,
    },
    t,
  );
  return { ratio, ...interval };
}

/** The heights' difference at `x` has the variances of both lines: its quantile, or null when not known. */
function quantile(one: LineFit, other: LineFit, x: number): number | null {
  const variances = [varianceAt(one, x), varianceAt(other, x)] as const;
  if (variances[0] === null || variances[1] === null) return null;
  return studentT((1 + CONFIDENCE) / 2, jointDegrees([variances[0], variances[1]], one, other));
}

/** Degrees of freedom of a sum of two variances that were estimated apart (Welch and Satterthwaite). */
function jointDegrees([a, b]: readonly [number, number], one: LineFit, other: LineFit): number {
  const [degreesA, degreesB] = [one.points - 2, other.points - 2];
  if (a + b === 0) return degreesA + degreesB;
  return (a + b) ** 2 / (a ** 2 / degreesA + b ** 2 / degreesB);
}
