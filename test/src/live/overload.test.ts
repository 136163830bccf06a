import { expect, test } from '@jest/globals';
import { Overload } from '../../../src/live/overload.ts';

const note = (overload: Overload, value: number, times: number): boolean => {
  for (let i = 0; i < times; i++) overload.note(value);
  return overload.is;
};

test('a measure is too much after five looks above its limit, with none below between them', () => {
  const overload = new Overload(100);
  expect(note(overload, 101, 4)).toBe(false);
  expect(note(overload, 100, 1)).toBe(false);
  expect(note(overload, 101, 4)).toBe(false);
  expect(note(overload, 101, 1)).toBe(true);
});

test('it stays too much until it was well below for ten looks', () => {
  const overload = new Overload(100);
  note(overload, 200, 5);
  expect(note(overload, 90, 20)).toBe(true);
  expect(overload.worst).toBe(200);
  expect(note(overload, 69, 9)).toBe(true);
  note(overload, 71, 1);
  expect(note(overload, 69, 9)).toBe(true);
  expect(note(overload, 69, 1)).toBe(false);
  note(overload, 50, 1);
  expect(overload.worst).toBe(0);
});

test('without a limit nothing is too much', () => {
  expect(note(new Overload(0), 1e9, 100)).toBe(false);
});
