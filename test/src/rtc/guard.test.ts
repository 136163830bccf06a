import { expect, test } from '@jest/globals';
import { Guard } from '../../../src/rtc/guard.ts';

const of = (first: number, length = 40) => Buffer.alloc(length, first);

test('datagrams are told apart by their first byte', () => {
  const guard = new Guard(() => true);
  const kinds = [0, 3, 4, 19, 20, 63, 64, 127, 128, 191, 192, 255].map((first) =>
    guard.admit(of(first), 'a', 1, 0),
  );
  expect(kinds).toEqual([
    'stun',
    'stun',
    null,
    null,
    'dtls',
    'dtls',
    null,
    null,
    'media',
    'media',
    null,
    null,
  ]);
});

test('from an address that passed no check only checks are taken', () => {
  const guard = new Guard((address) => address === 'known');
  expect([0, 22, 128].map((first) => guard.admit(of(first), 'other', 1, 0))).toEqual(['stun', null, null]);
  expect([0, 22, 128].map((first) => guard.admit(of(first), 'known', 1, 0))).toEqual([
    'stun',
    'dtls',
    'media',
  ]);
  expect(guard.counters.unverified).toBe(2);
});

test('what is too short or too long is dropped', () => {
  const guard = new Guard(() => true);
  expect([0, 12, 13, 2048, 2049].map((length) => guard.admit(of(128, length), 'a', 1, 0))).toEqual([
    null,
    null,
    'media',
    'media',
    null,
  ]);
});

test('what comes from port 0 is dropped: no answer can be sent there', () => {
  const guard = new Guard(() => true);
  expect([0, 22, 128].map((first) => guard.admit(of(first), 'a', 0, 0))).toEqual([null, null, null]);
  expect(guard.counters.unknown).toBe(3);
});

test("a flood of checks from outside costs the peer's own checks nothing", () => {
  const guard = new Guard((address) => address === 'known');
  let taken = 0;
  for (let us = 0; us < 1_000_000; us += 50) if (guard.admit(of(0), 'other', 1, us) !== null) taken++;
  expect(taken).toBeLessThanOrEqual(300);
  expect(guard.admit(of(0), 'known', 1, 1_000_000)).toBe('stun');
  expect(guard.counters.limited).toBe(20_000 - taken);
});

test.each([
  ['sends', true, 9_000],
  ['only reports', false, 2_000],
])('who %s is heard so often in a second', (_, sendsMedia, most) => {
  const guard = new Guard(() => true, sendsMedia);
  let taken = 0;
  for (let us = 0; us < 1_000_000; us += 50) if (guard.admit(of(128), 'a', 1, us) !== null) taken++;
  expect(taken).toBeGreaterThan(most * 0.99);
  expect(taken).toBeLessThanOrEqual(most);
  expect(guard.counters.limited).toBe(20_000 - taken);
});
