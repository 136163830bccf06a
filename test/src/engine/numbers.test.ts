import { expect, test } from '@jest/globals';
import { Numbers } from '../../../src/engine/numbers.ts';

test('a number does not come back before all others were used', () => {
  const numbers = new Numbers();
  const seen = new Set<number>();
  for (let i = 0; i < 0xffff; i++) seen.add(numbers.next(new Set()));
  expect(seen.size).toBe(0xffff);
  expect(Math.min(...seen)).toBe(1);
  expect(numbers.next(new Set([1, 2]))).toBe(3);
});

test('says so when none is free', () => {
  expect(() => new Numbers().next({ has: () => true })).toThrow(RangeError);
});
