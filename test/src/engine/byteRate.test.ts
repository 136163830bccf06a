import { expect, test } from '@jest/globals';
import { ByteRate } from '../../../src/engine/byteRate.ts';

test('knows the bytes of the last second and forgets older ones', () => {
  const rate = new ByteRate();
  const floor = rate.perSecond;
  for (let nowMs = 0; nowMs < 1000; nowMs += 100) rate.add(1e6, nowMs);
  rate.add(5, 1000);
  expect(rate.perSecond).toBe(1e7);
  rate.add(5, 5000);
  expect(rate.perSecond).toBe(floor);
});
