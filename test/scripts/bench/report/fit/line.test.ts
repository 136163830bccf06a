import { describe, expect, test } from '@jest/globals';
import { fitLine, varianceAt } from '../../../../../scripts/bench/report/fit/line.ts';
import { studentT } from '../../../../../scripts/bench/report/fit/studentT.ts';
import { fitSurface } from '../../../../../scripts/bench/report/fit/surface.ts';
import { noisy, normals } from './simulated.ts';

const viewers = [1, 10, 30];

describe('a line through measurements', () => {
  test('points on a line give that line back, without error', () => {
    const line = { intercept: 0.37, slope: 0.0042 };
    const fit = fitLine(noisy(line, viewers, 0, () => 0))!;
    expect(fit.intercept).toBeCloseTo(0.37, 12);
    expect(fit.slope).toBeCloseTo(0.0042, 12);
    expect(fit.residual).toBeCloseTo(0, 12);
    expect(fit).toMatchObject({ points: 6, from: 1, to: 30 });
  });

  test('standard errors are those of a textbook', () => {
    // x̄ = 3, ȳ = 4, Sxx = 10, Sxy = 6: slope 0.6; squared misses 3.6 → s² = 1.2.
    const ys = [2, 4, 5, 4, 5];
    const fit = fitLine(ys.map((y, index) => ({ x: index + 1, y })))!;
    expect(fit.slope).toBeCloseTo(0.6, 12);
    expect(fit.intercept).toBeCloseTo(2.2, 12);
    expect(fit.residual).toBeCloseTo(Math.sqrt(0.8), 12);
    expect(fit.slopeError).toBeCloseTo(Math.sqrt(0.08), 12);
    expect(fit.interceptError).toBeCloseTo(Math.sqrt(0.8 * (1 / 5 + 9 / 10)), 12);
    expect(varianceAt(fit, 3)).toBeCloseTo(0.8 / 5, 12);
  });

  test('the errors told are those that repeated runs show', () => {
    const normal = normals(7);
    const runs = 2000;
    const slopes: number[] = [];
    let told = 0;
    for (let run = 0; run < runs; run++) {
      const fit = fitLine(noisy({ intercept: 0.4, slope: 0.003 }, viewers, 0.02, normal))!;
      slopes.push(fit.slope);
      told += fit.slopeError! ** 2 / runs;
    }
    const variance = slopes.reduce((sum, slope) => sum + (slope - 0.003) ** 2, 0) / runs;
    expect(told / variance).toBeGreaterThan(0.9);
    expect(told / variance).toBeLessThan(1.1);
  });

  test('one place is no line; two points are one without a known error', () => {
    expect(fitLine([])).toBeUndefined();
    expect(fitLine([{ x: 4, y: 1 }])).toBeUndefined();
    expect(fitLine(noisy({ intercept: 1, slope: 1 }, [10], 0.1, normals(1)))).toBeUndefined();
    const pair = [
      { x: 1, y: 1 },
      { x: 3, y: 2 },
    ];
    expect(fitLine(pair)).toMatchObject({ slope: 0.5, intercept: 0.5, slopeError: null, residual: null });
  });
});

test.each([
  // Tables of Student's distribution, two-sided 95 % and 99 %.
  [0.975, 1, 12.706],
  [0.975, 4, 2.776],
  [0.975, 8, 2.306],
  [0.995, 10, 3.169],
  [0.975, 1000, 1.962],
])('the %d quantile of t with %d degrees is %d', (probability, degrees, expected) => {
  expect(studentT(probability, degrees)).toBeCloseTo(expected, 3);
});

test('a quantile outside of its range is refused', () => {
  expect(() => studentT(0.4, 3)).toThrow(RangeError);
  expect(() => studentT(0.975, 0)).toThrow(RangeError);
});

describe('a surface', () => {
  const rows = [1, 2, 4, 8].flatMap((speakers) => viewers.map((v) => [1, speakers, v, speakers * v]));

  test('gives its factors back, whatever their size', () => {
    const factors = [0.03, 0.07, 1e-4, 0.0021];
    const ys = rows.map((row) => row.reduce((sum, value, term) => sum + value * factors[term]!, 0));
    const fit = fitSurface(rows, ys)!;
    fit.factors.forEach((factor, term) => {
      expect(factor).toBeCloseTo(factors[term]!, 10);
    });
    expect(fit.residual).toBeCloseTo(0, 10);
  });

  test('a line as a surface has the line fit’s errors', () => {
    const points = noisy({ intercept: 2, slope: 0.5 }, viewers, 0.3, normals(3));
    const line = fitLine(points)!;
    const surface = fitSurface(
      points.map(({ x }) => [1, x]),
      points.map(({ y }) => y),
    )!;
    expect(surface.factors[0]).toBeCloseTo(line.intercept, 10);
    expect(surface.factors[1]).toBeCloseTo(line.slope, 10);
    expect(surface.errors[0]).toBeCloseTo(line.interceptError!, 10);
    expect(surface.errors[1]).toBeCloseTo(line.slopeError!, 10);
  });

  test('is none where terms cannot be told apart', () => {
    const oneSpeaker = viewers.map((v) => [1, 4, v, 4 * v]);
    expect(fitSurface([...oneSpeaker, ...oneSpeaker], [1, 2, 3, 1, 2, 3])).toBeUndefined();
    expect(fitSurface([], [])).toBeUndefined();
  });
});
