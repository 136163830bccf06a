import { expect, test } from '@jest/globals';
import { FreezeCounter } from '../../../../scripts/bench/load/freezes.ts';

/** Pictures at these intervals, ms. */
function freezesOf(intervalsMs: number[]): number {
  const counter = new FreezeCounter();
  let atMs = 0;
  counter.picture(atMs);
  for (const intervalMs of intervalsMs) {
    atMs += intervalMs;
    counter.picture(atMs);
  }
  return counter.count;
}

const even = Array.from({ length: 40 }, () => 33);

test('at 30 pictures a second an interval of 183 ms or more is a freeze', () => {
  expect(freezesOf([...even, 182, ...even])).toBe(0);
  expect(freezesOf([...even, 184, ...even])).toBe(1);
});

test('at a low rate three intervals make one', () => {
  const slow = Array.from({ length: 40 }, () => 100);
  expect(freezesOf([...slow, 295, ...slow])).toBe(0);
  expect(freezesOf([...slow, 301, ...slow])).toBe(1);
});

test('a stream that is slow all the time does not freeze', () => {
  expect(freezesOf(Array.from({ length: 40 }, () => 400))).toBe(0);
});
