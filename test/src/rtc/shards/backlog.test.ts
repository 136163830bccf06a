import { expect, test } from '@jest/globals';
import { Backlog } from '../../../../src/rtc/shards/backlog.ts';

test('is full from when the oldest waits too long until none waits any more, over a wrap of the count', () => {
  const taken = new Int32Array(new SharedArrayBuffer(4));
  const backlog = new Backlog(taken, 200);
  for (let i = 0; i < 5_000; i++) {
    backlog.posted(i);
    Atomics.add(taken, 0, 1);
  }
  expect(backlog.waiting).toBe(0);
  backlog.posted(6_000);
  backlog.posted(6_150);
  expect(backlog.isFull(6_200)).toBe(false);
  expect(backlog.isFull(6_201)).toBe(true);
  Atomics.add(taken, 0, 1);
  // The one that is left is young, but who was too far behind catches up wholly first.
  expect(backlog.isFull(6_202)).toBe(true);
  Atomics.add(taken, 0, 1);
  expect(backlog.isFull(6_203)).toBe(false);
});

test('is full when too many wait, however young', () => {
  const backlog = new Backlog(new Int32Array(new SharedArrayBuffer(4)), 200);
  for (let i = 0; i < 2_047; i++) backlog.posted(0);
  expect(backlog.isFull(1)).toBe(false);
  backlog.posted(0);
  expect(backlog.isFull(1)).toBe(true);
});
