import { expect, test } from '@jest/globals';
import { nowUs, threadTurns } from '../../mixer/clock.ts';
import { WorkClock } from '../../mixer/workClock.ts';

/** A thread that works all the time, and has a processor for this share of it. */
function busy(share: number | null) {
  let now = 5e6;
  const turns = () =>
    share === null ? null : { ranNs: now * 1000 * share, waitedNs: now * 1000 * (1 - share) };
  const clock = new WorkClock(() => now, turns);
  return (us: number): number => {
    const before = clock.read();
    now += us;
    const after = clock.read();
    expect(after.timeUs - before.timeUs).toBe(us);
    return after.workUs - before.workUs;
  };
}

test('goes like any clock while there are processors enough, or nobody says', () => {
  for (const share of [1, null]) {
    const pass = busy(share);
    for (let i = 0; i < 100; i++) expect(pass(33_333)).toBeCloseTo(33_333, 6);
  }
});

test('goes as much slower as the thread has to wait', () => {
  const pass = busy(0.25);
  for (let i = 0; i < 20; i++) pass(33_333);
  expect(pass(40_000)).toBeCloseTo(10_000, 6);
});

test('this thread says how long it has run', () => {
  const before = threadTurns();
  if (before === null) return;
  const endUs = nowUs() + 50_000;
  while (nowUs() < endUs);
  const { ranNs, waitedNs } = threadTurns()!;
  // The slice that goes on is not counted yet.
  expect(ranNs).toBeGreaterThan(before.ranNs);
  expect(waitedNs).toBeGreaterThanOrEqual(before.waitedNs);
  expect((ranNs - before.ranNs) / 1e6).toBeLessThan(100);
});
