import { expect, test } from '@jest/globals';
import { Snapshot } from '../../../src/live/snapshot.ts';

test('one picture a second, however many ask', async () => {
  let made = 0;
  let nowMs = 0;
  const snapshot = new Snapshot({
    make: async () => Buffer.from([++made]),
    isDrawn: () => true,
    fadeMs: () => 0,
    nowMs: () => nowMs,
  });
  const asked = [snapshot.take(), snapshot.take()];
  expect(snapshot.wanted).toBe(true);
  expect((await Promise.all(asked)).map((jpeg) => jpeg[0])).toEqual([1, 1]);
  expect(snapshot.wanted).toBe(false);
  nowMs = 999;
  expect((await snapshot.take())[0]).toBe(1);
  nowMs = 1000;
  expect((await snapshot.take())[0]).toBe(2);
});

test('a failure is told to those who wait for it, and tried again for the next', async () => {
  let fails = true;
  const snapshot = new Snapshot({
    make: async () => {
      if (fails) throw new Error('no mixer');
      return Buffer.from([1]);
    },
    isDrawn: () => true,
    fadeMs: () => 0,
    nowMs: () => 0,
  });
  await expect(snapshot.take()).rejects.toMatchObject({ code: 'cannot-mix' });
  fails = false;
  expect((await snapshot.take())[0]).toBe(1);
});

test('a mixer that has just begun is given time until the speakers are in its picture', async () => {
  let isDrawn = false;
  let made = 0;
  const snapshot = new Snapshot({
    make: async () => Buffer.from([++made]),
    isDrawn: () => isDrawn,
    fadeMs: () => 60,
    nowMs: () => 0,
  });
  const asked = snapshot.take();
  snapshot.placed();
  await new Promise((resolve) => setImmediate(resolve));
  expect(made).toBe(0);
  isDrawn = true;
  const drawnMs = performance.now();
  snapshot.placed();
  snapshot.placed();
  expect((await asked)[0]).toBe(1);
  // Faded in, too.
  expect(performance.now() - drawnMs).toBeGreaterThan(55);
  snapshot.placed();
  snapshot.close();
});

test('nobody waits for ever for a speaker who cannot be shown', async () => {
  const never = { isDrawn: () => false, fadeMs: () => 0, nowMs: () => 0 };
  const snapshot = new Snapshot({ make: async () => Buffer.from([7]), ...never });
  const askedMs = performance.now();
  expect((await snapshot.take())[0]).toBe(7);
  expect(performance.now() - askedMs).toBeLessThan(3_500);
});
