import { expect, test } from '@jest/globals';
import { Snapshot } from '../../../src/live/snapshot.ts';

test('one picture a second, however many ask', async () => {
  let made = 0;
  let nowMs = 0;
  const snapshot = new Snapshot(
    async () => Buffer.from([++made]),
    () => nowMs,
  );
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
  const snapshot = new Snapshot(
    async () => {
      if (fails) throw new Error('no mixer');
      return Buffer.from([1]);
    },
    () => 0,
  );
  await expect(snapshot.take()).rejects.toMatchObject({ code: 'cannot-mix' });
  fails = false;
  expect((await snapshot.take())[0]).toBe(1);
});
