import { expect, test } from '@jest/globals';
import { Playout } from '../../../mixer/audio/playout.ts';

const S = 1e6;
const MS = 1000;

test('waits longer after each underrun, up to a limit', () => {
  const playout = new Playout();
  expect(playout.waitUs).toBe(15 * MS);
  playout.noteUnderrun(1 * S);
  expect(playout.waitUs).toBe(25 * MS);
  for (let i = 0; i < 100; i++) playout.noteUnderrun(i * S);
  expect(playout.waitUs).toBe(200 * MS);
});

test('waits less again when for long nothing was missing, down to where it began', () => {
  const playout = new Playout();
  playout.noteUnderrun(0);
  let shrunkAfterUs = 0;
  for (let us = 0; us < 120 * S; us += 20 * MS) {
    playout.noteBacklog(20 * MS, us);
    if (playout.waitUs < 25 * MS && shrunkAfterUs === 0) shrunkAfterUs = us;
  }
  expect(shrunkAfterUs).toBeGreaterThan(10 * S);
  expect(playout.waitUs).toBe(15 * MS);
});

test('cuts what nobody needed for two seconds, and nothing that was needed once', () => {
  const playout = new Playout();
  const run = (from: number, backlogUs: (us: number) => number) => {
    let cutUs = 0;
    for (let us = from; us < from + 10 * S; us += 20 * MS) cutUs += playout.noteBacklog(backlogUs(us), us);
    return cutUs;
  };
  run(100 * S, () => 20 * MS);
  expect(run(110 * S, () => 20 * MS)).toBe(0);
  expect(run(120 * S, (us) => (us % S === 0 ? 20 * MS : 300 * MS))).toBe(0);
  expect(run(130 * S, () => 100 * MS)).toBeGreaterThanOrEqual(4 * 85 * MS);
});
