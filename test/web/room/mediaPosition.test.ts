import { expect, test } from '@jest/globals';
import { positionAt } from '../../../web/src/room/mediaPosition.ts';

const film = { state: 'playing', positionMs: 4_000, atMs: 10_000, durationMs: 20_000, loop: false } as const;

test.each([
  ['goes on while it plays', film, 13_000, 7_000],
  ['stands while it is paused', { ...film, state: 'paused' as const }, 13_000, 4_000],
  ['stops at its end', film, 90_000, 20_000],
  ['begins anew where it is repeated', { ...film, loop: true }, 31_000, 5_000],
  ['does not go back where clocks differ', film, 9_000, 4_000],
  ['goes on where its length is unknown', { ...film, durationMs: null }, 90_000, 84_000],
])('a file %s', (_what, media, nowMs, position) => {
  expect(positionAt(media, nowMs)).toBe(position);
});
