import { describe, expect, test } from '@jest/globals';
import { BLOCK_LENGTH, BLOCK_SAMPLES } from '../../../mixer/audio/format.ts';
import { CEILING_DB, Limiter, LOOKAHEAD_US } from '../../../mixer/audio/limiter.ts';
import { Random } from '../harness/random.ts';
import { joined, largestStep, peak, tone } from '../harness/sound.ts';

const CEILING = 10 ** (CEILING_DB / 20);
const LOOKAHEAD_SAMPLES = (LOOKAHEAD_US * 48) / 1000;

function limited(sound: Float32Array, ceilingDb = CEILING_DB): Float32Array {
  const limiter = new Limiter(ceilingDb);
  const out = Float32Array.from(sound);
  for (let at = 0; at < out.length; at += BLOCK_LENGTH) limiter.process(out.subarray(at, at + BLOCK_LENGTH));
  return out;
}

function sum(sounds: Float32Array[]): Float32Array {
  const out = new Float32Array(sounds[0]!.length);
  for (const sound of sounds) for (let i = 0; i < out.length; i++) out[i]! += sound[i]!;
  return out;
}

describe('ten full-scale tones at once', () => {
  const tones = Array.from({ length: 10 }, (_, i) => tone(200 + 173 * i, 1, BLOCK_SAMPLES * 100));
  const out = limited(sum(tones));

  test('never exceed the ceiling of −3 dBFS, which leaves Opus 2 dB', () => {
    expect(peak(sum(tones))).toBeGreaterThan(5);
    expect(peak(out)).toBeLessThanOrEqual(CEILING * 1.000001);
    expect(CEILING_DB).toBe(-3);
  });

  test('nor another ceiling, where one is asked for', () => {
    const lower = peak(limited(sum(tones), -6));
    expect(lower).toBeLessThanOrEqual(10 ** (-6 / 20) * 1.000001);
    expect(lower).toBeGreaterThan(10 ** (-6 / 20) * 0.9);
  });

  test('are brought down, not away', () => {
    expect(peak(out)).toBeGreaterThan(CEILING * 0.9);
  });

  test('come out without jumps', () => {
    const fastest = (2 * Math.PI * (200 + 173 * 9)) / 48_000;
    expect(largestStep(out)).toBeLessThan(CEILING * fastest * 1.5);
  });
});

test('below the ceiling sound passes unchanged, 2 ms late', () => {
  const sound = tone(440, CEILING * 0.999, BLOCK_SAMPLES * 10);
  const out = limited(sound);
  expect(out.subarray(0, LOOKAHEAD_SAMPLES * 2).every((sample) => sample === 0)).toBe(true);
  expect(out.subarray(LOOKAHEAD_SAMPLES * 2)).toEqual(sound.subarray(0, -LOOKAHEAD_SAMPLES * 2));
});

test('a sudden shout is caught before it comes, and quiet sound is back within a second', () => {
  const quiet = tone(300, 0.1, BLOCK_SAMPLES * 50);
  const out = limited(joined([quiet, tone(300, 8, BLOCK_SAMPLES), tone(300, 0.1, BLOCK_SAMPLES * 50)]));
  expect(peak(out)).toBeLessThanOrEqual(CEILING * 1.000001);
  expect(peak(out.subarray(-BLOCK_LENGTH * 10))).toBeCloseTo(0.1, 3);
});

test('after a shout the rest comes back slowly: 6 dB in a tenth of a second, without pumping', () => {
  const out = limited(joined([tone(300, 8, BLOCK_SAMPLES), tone(300, 0.1, BLOCK_SAMPLES * 30)]));
  const peaks = Array.from({ length: 12 }, (_, i) =>
    peak(out.subarray((i + 2) * BLOCK_LENGTH, (i + 3) * BLOCK_LENGTH)),
  );
  expect(peaks[0]).toBeLessThan(0.02);
  for (let i = 0; i + 5 < peaks.length; i++) expect(peaks[i + 5]! / peaks[i]!).toBeCloseTo(2, 0);
});

test('noise of any loudness stays under the ceiling', () => {
  const random = new Random(2);
  const noise = Float32Array.from({ length: BLOCK_LENGTH * 100 }, (_, i) => {
    const loudness = 2 ** (Math.floor(i / 5000) % 7);
    return (random.fraction() * 2 - 1) * loudness;
  });
  expect(peak(limited(noise))).toBeLessThanOrEqual(CEILING * 1.000001);
});
