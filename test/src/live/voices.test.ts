import { describe, expect, test } from '@jest/globals';
import { Voices } from '../../../src/live/voices.ts';

/** Packets of `levelDb` every 20 ms from `fromMs` to `toMs`. */
function talk(voices: Voices, levelDb: number, fromMs: number, toMs: number): void {
  for (let atMs = fromMs; atMs < toMs; atMs += 20) voices.heard('ada', 'camera', levelDb, atMs);
}

const speaking = (voices: Voices, nowMs: number) => voices.take(nowMs)[0]?.speaking;

describe('somebody speaks', () => {
  test('a moment after the first loud packet, and some time after the last', () => {
    const voices = new Voices();
    talk(voices, -20, 0, 280);
    expect(speaking(voices, 280)).toBe(false);
    talk(voices, -20, 280, 1_000);
    expect(speaking(voices, 1_000)).toBe(true);
    talk(voices, -70, 1_000, 2_900);
    expect(speaking(voices, 2_900)).toBe(true);
    expect(speaking(voices, 3_100)).toBe(false);
  });

  test('also with short pauses, but not by coughing now and then', () => {
    const words = new Voices();
    for (const atMs of [0, 300, 600]) talk(words, -20, atMs, atMs + 40);
    expect(speaking(words, 640)).toBe(true);
    const coughs = new Voices();
    for (const atMs of [0, 700, 1_400]) talk(coughs, -10, atMs, atMs + 100);
    expect(speaking(coughs, 1_500)).toBe(false);
  });

  test('not who murmurs', () => {
    const voices = new Voices();
    talk(voices, -50, 0, 2_000);
    expect(speaking(voices, 2_000)).toBe(false);
  });
});

test('the level is the highest since it was taken, and silence after that', () => {
  const voices = new Voices();
  for (const levelDb of [-60, -31, -90]) voices.heard('ada', 'camera', levelDb, 0);
  expect(voices.take(0)).toEqual([{ participant: 'ada', kind: 'camera', levelDb: -31, speaking: false }]);
  expect(voices.take(0)).toMatchObject([{ levelDb: -127 }]);
  voices.drop('ada', 'camera');
  expect(voices.take(0)).toEqual([]);
});
