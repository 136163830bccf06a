import { expect, test } from '@jest/globals';
import { DecodeBudget } from '../../../mixer/video/decodeBudget.ts';

/** How many of the pictures of ten seconds may be decoded, when each takes `costUs`, and the longest pause, ms. */
function run(
  fps: number,
  costUs: number,
  workUs = costUs,
): { share: number; spentShare: number; longestPauseMs: number } {
  const budget = new DecodeBudget();
  let decoded = 0;
  let lastUs = 0;
  let longestUs = 0;
  for (let index = 0; index < 10 * fps; index++) {
    const nowUs = (index * 1e6) / fps;
    if (!budget.allows(nowUs)) continue;
    budget.spend(costUs, workUs);
    decoded++;
    longestUs = Math.max(longestUs, nowUs - lastUs);
    lastUs = nowUs;
  }
  return {
    share: decoded / (10 * fps),
    spentShare: (decoded * costUs) / 10e6,
    longestPauseMs: longestUs / 1000,
  };
}

test('what cameras send is decoded whole, even where the machine is four times as slow', () => {
  expect(run(30, 900).share).toBe(1);
  expect(run(60, 4 * 900).share).toBe(1);
  expect(run(120, 1900).share).toBe(1);
});

test('what is too much gets its quarter, and pauses in between that are short', () => {
  for (const [fps, costUs] of [
    [30, 12_000],
    [120, 10_000],
    [60, 40_000],
  ] as const) {
    const { share, spentShare, longestPauseMs } = run(fps, costUs);
    expect(share).toBeLessThan(0.9);
    expect(spentShare).toBeGreaterThan(0.2);
    expect(spentShare).toBeLessThan(0.27);
    expect(longestPauseMs).toBeLessThan(500);
  }
});

test('a machine that has become slow is not the fault of a usual camera', () => {
  expect(run(30, 30_000, 1_800).share).toBe(1);
  expect(run(30, 30_000, 6_000).share).toBeLessThan(0.5);
});

test('one picture that took a second costs no more than half a second', () => {
  const budget = new DecodeBudget();
  expect(budget.allows(0)).toBe(true);
  budget.spend(1_000_000, 1_000_000);
  expect(budget.allows(1_000)).toBe(false);
  expect(budget.allows(700_000)).toBe(true);
});
