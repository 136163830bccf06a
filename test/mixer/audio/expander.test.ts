import { describe, expect, test } from '@jest/globals';
import { Expander } from '../../../mixer/audio/expander.ts';
import { Random } from '../harness/random.ts';
import { db } from '../harness/sound.ts';

const MS = 48;
const rms = (sound: Float32Array) => Math.sqrt(sound.reduce((sum, x) => sum + x * x, 0) / sound.length);

function noise(ms: number, amplitude: number, random = new Random(1)): Float32Array {
  return Float32Array.from({ length: ms * MS }, () => amplitude * (2 * random.fraction() - 1));
}

/** What comes out, and whether it was open after each block. */
function expanded(sound: Float32Array): { out: Float32Array; open: boolean[] } {
  const expander = new Expander();
  const out = Float32Array.from(sound);
  const open: boolean[] = [];
  for (let at = 0; at + 960 <= out.length; at += 960) {
    expander.process(out.subarray(at, at + 960));
    open.push(expander.open);
  }
  return { out, open };
}

const joined = (...parts: Float32Array[]) => Float32Array.from(parts.flatMap((part) => [...part]));

describe('a noise gate', () => {
  test('lowers room noise by 12 dB, no more', () => {
    const sound = noise(2000, 0.0015);
    const { out, open } = expanded(sound);
    expect(db(rms(out) / rms(sound))).toBeCloseTo(-12, 0);
    expect(open).not.toContain(true);
  });

  test('lets speech through unchanged', () => {
    const sound = noise(2000, 0.1);
    const { out, open } = expanded(sound);
    expect(out.subarray(2 * 960)).toEqual(sound.subarray(2 * 960));
    expect(open).not.toContain(false);
  });

  test('chops no beginning off a word, wherever in a block it begins', () => {
    for (let startMs = 0; startMs < 20; startMs += 1) {
      const word = noise(200, 0.05, new Random(startMs + 2));
      const sound = joined(noise(400 + startMs, 0.0015), word, noise(60 - startMs, 0.0015));
      const { out } = expanded(sound);
      const from = (400 + startMs) * MS;
      const beginning = (of: Float32Array) => of.subarray(from, from + 5 * MS);
      expect(db(rms(beginning(out)) / rms(beginning(sound)))).toBeGreaterThan(-3);
      const rest = (of: Float32Array) => of.subarray(from + 5 * MS, from + 200 * MS);
      expect(db(rms(rest(out)) / rms(rest(sound)))).toBeGreaterThan(-0.1);
    }
  });

  test('chops no end off a word: it stays open for 300 ms, then closes slowly', () => {
    const end = noise(280, 0.0012);
    const { out, open } = expanded(joined(noise(400, 0.05), end, noise(820, 0.0012)));
    expect(rms(out.subarray(400 * MS, 680 * MS))).toBeCloseTo(rms(end), 6);
    expect(open.slice(0, 34)).not.toContain(false);
    expect(open.at(-1)).toBe(false);
    expect(db(rms(out.subarray(-200 * MS)) / rms(end))).toBeCloseTo(-12, 0);
  });

  test('does not flutter at its threshold', () => {
    // Around −55 dBov: it neither opens a closed gate nor closes an open one.
    const middling = noise(3000, 0.0031);
    expect(expanded(middling).open).not.toContain(true);
    expect(expanded(joined(noise(100, 0.05), middling)).open).not.toContain(false);
  });

  test('moves its gain without a step', () => {
    const random = new Random(9);
    const levels: number[] = [];
    while (levels.length < 10 * 48_000) {
      const level = random.pick([0.0005, 0.1]);
      for (let samples = (20 + random.below(400)) * MS; samples > 0; samples--) levels.push(level);
    }
    const sound = Float32Array.from(levels);
    const { out } = expanded(sound);
    const gain = (i: number) => out[i]! / sound[i]!;
    let steepest = 0;
    for (let i = 1; i < 9 * 48_000; i++) steepest = Math.max(steepest, Math.abs(gain(i) - gain(i - 1)));
    // From closed to open in no less than 2.5 ms.
    expect(steepest).toBeLessThanOrEqual(0.75 / 120 + 1e-6);
  });
});
