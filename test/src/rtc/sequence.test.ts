import { expect, test } from '@jest/globals';
import { nowUs, ntpUs } from '../../../src/rtc/clock.ts';
import { compactNtp } from '../../../src/rtc/rtcp/packet.ts';
import { SequenceUnwrapper, sequenceDistance, timestampDistance } from '../../../src/rtc/sequence.ts';
import { TokenBucket } from '../../../src/rtc/tokenBucket.ts';

test('distances go the short way round', () => {
  expect(sequenceDistance(0, 65_535)).toBe(1);
  expect(sequenceDistance(65_535, 0)).toBe(-1);
  expect(sequenceDistance(32_767, 0)).toBe(32_767);
  expect(timestampDistance(5, 0xfffffffb)).toBe(10);
});

test('a counter is followed through its wraps, late values included', () => {
  const unwrapper = new SequenceUnwrapper();
  const seen = [65_534, 65_535, 1, 0, 2, 65_530].map((sequence) => unwrapper.unwrap(sequence));
  expect(seen).toEqual([65_534, 65_535, 65_537, 65_536, 65_538, 65_530]);
  expect(unwrapper.highest).toBe(65_538);
});

test('a bucket gives its burst, then its rate', () => {
  const bucket = new TokenBucket(10, 5);
  const burst = Array.from({ length: 8 }, () => bucket.take(0)).filter(Boolean);
  expect(burst).toHaveLength(5);
  expect(bucket.take(50_000)).toBe(false);
  expect(bucket.take(100_000)).toBe(true);
  expect(bucket.take(100_000)).toBe(false);
});

test('NTP time is the wall clock, counted from 1900', () => {
  const expected = (Date.now() / 1000 + 2_208_988_800) % 65_536;
  expect(Math.abs(compactNtp(ntpUs(nowUs())) / 65_536 - expected)).toBeLessThan(0.1);
});
