import { expect, test } from '@jest/globals';
import { LatencyHistogram } from '../../mixer/latencyHistogram.ts';

test('each delay is counted once, at the smallest bound that holds it', () => {
  const latency = new LatencyHistogram();
  for (const ms of [0, 5, 5.1, 33, 999, 1000, 1001, 1e9]) latency.add(ms);
  const { boundsMs, counts, sumMs } = latency.histogram;
  expect(counts).toHaveLength(boundsMs.length + 1);
  const at = (bound: number) => counts[boundsMs.indexOf(bound)];
  expect([at(5), at(10), at(35), at(1000), counts.at(-1)]).toEqual([2, 1, 1, 2, 2]);
  expect(counts.reduce((a, b) => a + b)).toBe(8);
  expect(sumMs).toBeCloseTo(1e9 + 1001 + 1000 + 999 + 33 + 5.1 + 5);
});

test('what is no delay is not counted', () => {
  const latency = new LatencyHistogram();
  latency.add(-1);
  latency.add(Number.NaN);
  expect(latency.histogram.sumMs).toBe(0);
  expect(Math.max(...latency.histogram.counts)).toBe(0);
});

test('bounds rise', () => {
  const { boundsMs } = new LatencyHistogram().histogram;
  for (let i = 1; i < boundsMs.length; i++) expect(boundsMs[i]!).toBeGreaterThan(boundsMs[i - 1]!);
});
