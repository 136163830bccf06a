import { expect, test } from '@jest/globals';
import { GeneratorLimit } from '../../../../scripts/bench/compare/limit.ts';
import { pointOf } from './points.ts';

test('at first it is guessed what a thread can receive, then it is known', () => {
  const limit = new GeneratorLimit();
  expect(limit.beyond('sfu', 8, 30)).toBeNull();
  expect(limit.beyond('sfu', 25, 1000)).toContain('cores: a thread has one');
  // 50 µs for each packet: 8 × 30 streams are more than a core.
  limit.note(pointOf({ packetsPerSecond: 8_000, generatorCpu: { publishers: 0, viewers: 0.4 } }));
  expect(limit.beyond('sfu', 8, 30)).toMatch(
    /^51600 packets a second would take the load generator 2\.6 cores/,
  );
  expect(limit.beyond('mcu', 8, 30)).toBeNull();
});

test('where it starved once it is not tried again with more', () => {
  const limit = new GeneratorLimit();
  limit.note(pointOf({ speakers: 4, viewers: 30, machineBusy: 0.99 }));
  expect(limit.beyond('sfu', 4, 30)).toBe('the load generator had its limit at 4 speakers and 30 viewers');
  expect(limit.beyond('sfu', 8, 50)).not.toBeNull();
  expect(limit.beyond('sfu', 8, 10)).toBeNull();
  expect(limit.beyond('sfu', 2, 30)).toBeNull();
  expect(limit.beyond('sfu-fit', 4, 30)).toBeNull();
});

test('what other programs took the time from says nothing about the generator', () => {
  const limit = new GeneratorLimit();
  limit.note(pointOf({ speakers: 4, viewers: 30, machineBusy: 1, othersBusy: 0.4 }));
  expect(limit.beyond('sfu', 4, 30)).toBeNull();
});
