import { expect, test } from '@jest/globals';
import { WindowedMinimum } from '../../../mixer/sync/windowedMinimum.ts';
import { Random } from '../harness/random.ts';

const S = 1e6;

test('nothing came yet: there is no minimum', () => {
  expect(new WindowedMinimum().value).toBeUndefined();
});

test('jitter is ignored: only the quickest counts', () => {
  const random = new Random(1);
  const minimum = new WindowedMinimum(10 * S);
  minimum.push(50_000, 0);
  for (let s = 0; s < 9; s++) minimum.push(50_000 + random.below(200_000), s * S);
  expect(minimum.value).toBe(50_000);
});

test('what is older than two windows no longer counts', () => {
  const minimum = new WindowedMinimum(10 * S);
  minimum.push(0, 0);
  for (let s = 1; s <= 23; s++) minimum.push(40_000, s * S);
  expect(minimum.value).toBe(40_000);
});

test('after an hour of silence the old minimum is forgotten at once', () => {
  const minimum = new WindowedMinimum(10 * S);
  minimum.push(0, 0);
  minimum.push(720_000, 3600 * S);
  expect(minimum.value).toBe(720_000);
});

test('a clock that drifts by 200 ppm is followed to within 5 ms', () => {
  for (const ppm of [-200, 200]) {
    const minimum = new WindowedMinimum();
    for (let s = 0; s < 600; s += 0.02) {
      const drift = s * ppm;
      minimum.push(drift, s * S);
      expect(Math.abs(minimum.value! - drift)).toBeLessThanOrEqual(5000);
    }
  }
});

test('a jump up of hours is a clock that was set: it counts at once', () => {
  const minimum = new WindowedMinimum();
  minimum.push(5, 0);
  minimum.push(7200 * S, 1 * S);
  expect(minimum.value).toBe(7200 * S);
});
