import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { JoinQueue } from '../../../../src/rtc/deliver/joinQueue.ts';

let queue: JoinQueue;
let started: number[];
const owners = Array.from({ length: 100 }, () => ({}));
const enter = (i: number) => queue.enter(owners[i]!, () => started.push(i));
beforeEach(() => {
  jest.useFakeTimers();
  queue = new JoinQueue();
  started = [];
});
afterEach(() => {
  queue.close();
  jest.useRealTimers();
});
test('who comes alone begins at once', () => {
  enter(0);
  expect(started).toEqual([0]);
});

test('of many, one begins in each turn, and a few at a time, in their order', () => {
  for (let i = 0; i < 10; i++) enter(i);
  expect(started).toEqual([0]);
  jest.advanceTimersByTime(10);
  expect(started).toEqual([0, 1, 2, 3]);
  queue.leave(owners[2]!);
  jest.advanceTimersByTime(10);
  expect(started).toEqual([0, 1, 2, 3, 4]);
});

test('those who never come hold nobody up for long', () => {
  for (let i = 0; i < 100; i++) enter(i);
  jest.advanceTimersByTime(11_000);
  expect(started).toHaveLength(100);
});

test('who leaves before their turn is passed over', () => {
  for (let i = 0; i < 10; i++) enter(i);
  for (let i = 1; i < 9; i++) queue.leave(owners[i]!);
  jest.advanceTimersByTime(10);
  expect(started).toEqual([0, 9]);
});

test('after close nobody begins', () => {
  for (let i = 0; i < 10; i++) enter(i);
  queue.close();
  jest.advanceTimersByTime(5_000);
  expect(started).toEqual([0]);
  expect(jest.getTimerCount()).toBe(0);
});
