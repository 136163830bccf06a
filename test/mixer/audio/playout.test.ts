import { expect, test } from '@jest/globals';
import { Playout } from '../../../mixer/audio/playout.ts';
import { Random } from '../harness/random.ts';

const S = 1e6;
const MS = 1000;

/** A packet each 20 ms from `fromUs` on for `seconds`, each late as told; gives when it ended. */
function run(
  playout: Playout,
  fromUs: number,
  seconds: number,
  latenessMs: (index: number) => number,
): number {
  for (let index = 0; index < seconds * 50; index++) {
    const late = latenessMs(index) * MS;
    playout.noteArrival(late, fromUs + index * 20 * MS + late);
  }
  return fromUs + seconds * S;
}

test('a good network makes for a short wait, within seconds', () => {
  const playout = new Playout();
  expect(playout.waitUs).toBeGreaterThanOrEqual(12 * MS);
  run(playout, 0, 20, () => 0.5);
  expect(playout.waitUs).toBeLessThanOrEqual(6 * MS);
});

test.each([10, 40, 90, 150])('jitter of up to %i ms is covered for 98 of 100 packets', (jitterMs) => {
  const random = new Random(jitterMs);
  const playout = new Playout();
  run(playout, 0, 20, () => random.fraction() * jitterMs);
  expect(playout.waitUs).toBeGreaterThan(0.98 * jitterMs * MS);
  expect(playout.waitUs).toBeLessThanOrEqual((jitterMs + 6) * MS);
});

test('one packet in seven that is 90 ms late is waited for after the first second', () => {
  const playout = new Playout();
  run(playout, 0, 1, (index) => (index % 7 === 3 ? 90 : 0));
  expect(playout.waitUs).toBeGreaterThanOrEqual(90 * MS);
});

test('what stood together in a queue once is one event, and changes little', () => {
  const playout = new Playout();
  const endUs = run(playout, 0, 20, () => 1);
  const beforeUs = playout.waitUs;
  for (let index = 0; index < 50; index++) playout.noteArrival((1000 - index * 20) * MS, endUs + S);
  expect(playout.waitUs - beforeUs).toBeLessThanOrEqual(10 * MS);
});

test('when the network is good again the wait becomes short again', () => {
  const random = new Random(7);
  const playout = new Playout();
  const endUs = run(playout, 0, 20, () => random.fraction() * 100);
  run(playout, endUs, 90, () => 1);
  expect(playout.waitUs).toBeLessThanOrEqual(8 * MS);
});

test('it has its limit, whatever comes', () => {
  const playout = new Playout();
  const endUs = run(playout, 0, 20, (index) => 300 + (index % 9) * 100);
  expect(playout.waitUs).toBe(200 * MS);
  run(playout, endUs, 5, () => -50);
  expect(playout.waitUs).toBeGreaterThan(0);
});
