import { expect, test } from '@jest/globals';
import { Backoff } from '../../../src/egress/backoff.ts';

test('each pause is twice the one before, up to the longest; a long run begins them anew', () => {
  const backoff = new Backoff(1_000, 30_000, 20_000);
  const pauses = (ranMs: number, count: number) =>
    Array.from({ length: count }, () => backoff.pauseMs(ranMs));
  expect(pauses(500, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(pauses(20_000, 1)).toEqual([1_000]);
  expect(pauses(19_999, 2)).toEqual([2_000, 4_000]);
});
