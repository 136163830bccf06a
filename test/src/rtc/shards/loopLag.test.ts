import { afterEach, expect, test } from '@jest/globals';
import { percentileMs } from '../../../../src/rtc/shards/lagWindow.ts';
import { LoopLag } from '../../../../src/rtc/shards/loopLag.ts';

let lag: LoopLag | undefined;
afterEach(() => lag?.close());

const total = ({ histogram }: LoopLag) => histogram.counts.reduce((sum, count) => sum + count, 0);
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a loop that is held up for 80 ms is seen to be, and what was counted stays', async () => {
  lag = new LoopLag();
  await wait(60);
  const before = lag.histogram;
  for (const end = performance.now() + 80; performance.now() < end; );
  await wait(60);
  const { boundsMs, counts, sumMs } = lag.histogram;
  const since = counts.map((count, i) => count - before.counts[i]!);
  expect(since.every((count) => count >= 0)).toBe(true);
  expect(percentileMs(boundsMs, since, 1)).toBeGreaterThan(55);
  expect(sumMs - before.sumMs).toBeGreaterThan(55);
  const looks = total(lag);
  lag.close();
  await wait(40);
  expect(total(lag)).toBe(looks);
});
