import { expect, test } from '@jest/globals';
import { LagWindow, percentileMs } from '../../../../src/rtc/shards/lagWindow.ts';

const boundsMs = [10, 20, 50];
const counted = (...counts: number[]) => ({ boundsMs, counts, sumMs: 0 });

test.each([
  [[100, 0, 0, 0], 0.99, 9.9],
  [[99, 1, 0, 0], 0.99, 10],
  [[90, 0, 10, 0], 0.99, 47],
  [[0, 0, 0, 5], 0.99, 50],
  [[0, 0, 0, 0], 0.99, 0],
])('of %j below which bound %d lie', (counts, share, ms) => {
  expect(percentileMs(boundsMs, counts, share)).toBeCloseTo(ms);
});

test('a window knows of its last looks alone, and of the last one', () => {
  const window = new LagWindow(2);
  expect([window.p99Ms, window.lastP99Ms]).toEqual([0, 0]);
  window.push(counted(0, 0, 100, 0));
  expect(window.p99Ms).toBeGreaterThan(20);
  window.push(counted(100, 0, 100, 0));
  expect(window.lastP99Ms).toBeLessThanOrEqual(10);
  expect(window.p99Ms).toBeGreaterThan(20);
  window.push(counted(200, 0, 100, 0));
  expect(window.p99Ms).toBeLessThanOrEqual(10);
});

test('two who ask do not rob one another', () => {
  const window = new LagWindow(2);
  window.push(counted(90, 10, 0, 0));
  const first = window.p99Ms;
  expect(first).toBeGreaterThan(10);
  expect(window.p99Ms).toBe(first);
});
