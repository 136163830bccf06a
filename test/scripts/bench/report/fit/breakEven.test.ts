import { describe, expect, test } from '@jest/globals';
import { breakEven, slopeRatio } from '../../../../../scripts/bench/report/fit/breakEven.ts';
import { fieller } from '../../../../../scripts/bench/report/fit/fieller.ts';
import { fitLine } from '../../../../../scripts/bench/report/fit/line.ts';
import { noisy, normals } from './simulated.ts';

const viewers = [1, 10, 30];
const fitted = (intercept: number, slope: number, deviation = 0, normal = () => 0) =>
  fitLine(noisy({ intercept, slope }, viewers, deviation, normal))!;

describe('from how many viewers on mixing is cheaper', () => {
  test.each([
    [0.4, 0.002, 0.1, 0.017, 20],
    [0.8, 0.001, 0.2, 0.051, 12],
    [0.5, 0.003, 0.05, 0.018, 30],
  ])('lines %d + %d·v and %d + %d·v cross at %d', (a, b, c, d, expected) => {
    const answer = breakEven(fitted(a, b), fitted(c, d));
    expect(answer.kind).toBe('at');
    expect(answer.viewers).toBeCloseTo(expected, 8);
    expect(answer.low).toBeCloseTo(expected, 6);
    expect(answer.high).toBeCloseTo(expected, 6);
  });

  test('a crossing further out than was measured is predicted', () => {
    expect(breakEven(fitted(0.5, 0.002), fitted(0.1, 0.008))).toMatchObject({ kind: 'beyond' });
    expect(breakEven(fitted(0.5, 0.002), fitted(0.1, 0.008)).viewers).toBeCloseTo(400 / 6, 8);
  });

  test('never, when a viewer costs mixing as much or more', () => {
    const never = { kind: 'never', viewers: null, low: null, high: null };
    expect(breakEven(fitted(0.5, 0.008), fitted(0.1, 0.008))).toEqual(never);
    expect(breakEven(fitted(0.5, 0.009), fitted(0.1, 0.008))).toEqual(never);
  });

  test('always, when mixing begins below forwarding and grows less', () => {
    expect(breakEven(fitted(0.1, 0.002), fitted(0.2, 0.008))).toMatchObject({
      kind: 'always',
      viewers: null,
    });
  });

  test('undetermined, when the slopes cannot be told apart', () => {
    const normal = normals(11);
    const answer = breakEven(fitted(0.5, 0.005, 0.1, normal), fitted(0.1, 0.0055, 0.1, normal));
    expect(['undetermined', 'never']).toContain(answer.kind);
    expect(answer.high).toBeNull();
  });

  test('two points each give a crossing without an interval', () => {
    const pair = (a: number, b: number) => fitLine([0, 20].map((x) => ({ x, y: a + b * x })))!;
    const answer = breakEven(pair(0.4, 0.002), pair(0.1, 0.032));
    expect(answer).toMatchObject({ kind: 'at', low: null, high: null });
    expect(answer.viewers).toBeCloseTo(10, 8);
  });

  test.each([0.005, 0.015, 0.03])(
    'the interval covers the truth in ≥ 90 %% of runs, noise %d',
    (deviation) => {
      const normal = normals(42);
      const runs = 600;
      let covered = 0;
      for (let run = 0; run < runs; run++) {
        const mixing = fitted(0.42, 0.003, deviation, normal);
        const forwarding = fitted(0.09, 0.0165, deviation * 1.5, normal);
        const { kind, low, high } = breakEven(mixing, forwarding);
        if (kind === 'never') continue;
        const truth = 0.33 / 0.0135;
        if ((low === null || low <= truth) && (high === null || truth <= high)) covered++;
      }
      expect(covered / runs).toBeGreaterThanOrEqual(0.9);
      expect(covered / runs).toBeLessThan(0.99);
    },
  );
});

describe('what a viewer costs mixing as a share of forwarding', () => {
  test('is the ratio of the slopes, with its interval', () => {
    expect(slopeRatio(fitted(0.4, 0.003), fitted(0.1, 0.012))!.ratio).toBeCloseTo(0.25, 8);
    expect(slopeRatio(fitted(0.4, 0.003), fitted(0.1, -0.001))).toBeUndefined();
  });

  test('its interval covers the truth in ≥ 90 % of runs', () => {
    const normal = normals(5);
    const runs = 600;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const { low, high } = slopeRatio(fitted(0.4, 0.003, 0.01, normal), fitted(0.1, 0.012, 0.02, normal))!;
      if ((low === null || low <= 0.25) && (high === null || 0.25 <= high)) covered++;
    }
    expect(covered / runs).toBeGreaterThanOrEqual(0.9);
    expect(covered / runs).toBeLessThan(0.99);
  });
});

describe('Fieller’s set of a ratio', () => {
  const ratio = {
    numerator: 10,
    denominator: 2,
    numeratorVariance: 1,
    denominatorVariance: 0.01,
    covariance: 0,
  };

  test('holds every ratio within t errors, and no other', () => {
    const { low, high } = fieller(ratio, 2);
    for (const bound of [low!, high!]) {
      const error = Math.sqrt(1 + bound ** 2 * 0.01);
      expect(Math.abs(10 - bound * 2) / error).toBeCloseTo(2, 10);
    }
    expect(low!).toBeLessThan(5);
    expect(high!).toBeGreaterThan(5);
  });

  test('has no upper end when the denominator may be 0', () => {
    const open = fieller({ ...ratio, numerator: 100, denominatorVariance: 1.5 }, 2);
    expect(open.high).toBeNull();
    expect(open.low!).toBeGreaterThan(0);
    expect(open.low!).toBeLessThan(50);
  });

  test('is everything when both may be 0', () => {
    expect(fieller({ ...ratio, numerator: 0.1, denominator: 0.1, denominatorVariance: 1 }, 2)).toEqual({
      low: null,
      high: null,
    });
  });
});
