import { expect, test } from '@jest/globals';
import { RateMeter } from '../../../src/live/rateMeter.ts';

/** 30 pictures a second at `kbps`; returns when the rate was told anew. */
function run(meter: RateMeter, kbps: number, fromMs: number, toMs: number): number[] {
  const told: number[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += 1000 / 30) {
    if (meter.count((kbps * 125) / 30, atMs)) told.push(Math.round(atMs));
  }
  return told;
}

test('the rate is told after two seconds, with some to spare, and then only when it differs much', () => {
  const meter = new RateMeter(1_500, 0);
  expect(run(meter, 400, 0, 10_000)).toEqual([2_033]);
  expect(meter.kbps).toBeGreaterThan(400);
  expect(meter.kbps).toBeLessThan(520);
  expect(run(meter, 350, 10_000, 20_000)).toEqual([]);
  expect(run(meter, 1_200, 20_000, 30_000).length).toBeLessThanOrEqual(2);
  expect(meter.kbps).toBeGreaterThan(1_200);
});

test('hardly anything still counts as a little', () => {
  const meter = new RateMeter(1_500, 0);
  run(meter, 3, 0, 5_000);
  expect(meter.kbps).toBe(120);
});
