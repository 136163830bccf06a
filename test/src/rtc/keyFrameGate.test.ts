import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { KeyFrameGate } from '../../../src/rtc/keyFrameGate.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const times = { intervalMs: 300, answerMs: 1_000 };

test('a storm is one request until the key frame comes', () => {
  const send = jest.fn();
  const gate = new KeyFrameGate(times, send);
  for (let i = 0; i < 1_000; i++) gate.request();
  jest.advanceTimersByTime(900);
  gate.request();
  expect(send).toHaveBeenCalledTimes(1);
});

test('a storm that goes on makes at most one request each interval', () => {
  const send = jest.fn();
  const gate = new KeyFrameGate(times, send);
  for (let ms = 0; ms < 3_000; ms += 10) {
    gate.request();
    jest.advanceTimersByTime(10);
    if (ms % 30 === 0) gate.keyFrame();
  }
  expect(send.mock.calls.length).toBeGreaterThan(1);
  expect(send.mock.calls.length).toBeLessThanOrEqual(11);
});

test('a wish that comes too early is kept, and dropped when a key frame comes first', () => {
  const send = jest.fn();
  const gate = new KeyFrameGate(times, send);
  gate.request();
  gate.keyFrame();
  gate.request();
  expect(send).toHaveBeenCalledTimes(1);
  jest.advanceTimersByTime(300);
  expect(send).toHaveBeenCalledTimes(2);
  gate.keyFrame();
  gate.request();
  gate.keyFrame();
  jest.advanceTimersByTime(2_000);
  expect(send).toHaveBeenCalledTimes(2);
});

test('an unanswered request is repeated while somebody waits', () => {
  const send = jest.fn();
  let waiting = true;
  const gate = new KeyFrameGate(times, send, () => waiting);
  gate.request();
  jest.advanceTimersByTime(2_500);
  expect(send).toHaveBeenCalledTimes(3);
  waiting = false;
  jest.advanceTimersByTime(5_000);
  expect(send).toHaveBeenCalledTimes(3);
});

test('nothing is left after close', () => {
  const send = jest.fn();
  const gate = new KeyFrameGate(times, send, () => true);
  gate.request();
  gate.close();
  gate.close();
  gate.request();
  expect(jest.getTimerCount()).toBe(0);
  expect(send).toHaveBeenCalledTimes(1);
});
