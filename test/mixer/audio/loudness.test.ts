import { describe, expect, test } from '@jest/globals';
import { Biquad, highPass } from '../../../mixer/audio/biquad.ts';
import { KWeighting, lufs, meanSquareOf } from '../../../mixer/audio/loudness.ts';
import { LoudnessMeter } from '../harness/meter.ts';
import { db, peak, tone } from '../harness/sound.ts';

const mono = (stereo: Float32Array) => stereo.filter((_, i) => i % 2 === 0);

/** Gain of a K-weighting at one frequency, dB, once it has settled. */
function weightDb(hz: number): number {
  const weighting = new KWeighting();
  let meanSquare = 0;
  for (let block = 0; block < 100; block++) meanSquare = weighting.push(mono(tone(hz, 1, 960, block * 960)));
  return 10 * Math.log10(meanSquare / 0.5);
}

describe('loudness (ITU-R BS.1770-5)', () => {
  test('a full-scale sine of 997 Hz in one channel is −3.01 LKFS, in both 0', () => {
    for (const [sides, expected] of [
      [1, -3.01],
      [2, 0],
    ] as const) {
      const meter = new LoudnessMeter();
      for (let block = 0; block < 200; block++) {
        const sound = tone(997, 1, 960, block * 960);
        if (sides === 1) for (let i = 1; i < sound.length; i += 2) sound[i] = 0;
        meter.push(sound);
      }
      expect(meter.shortTerm).toBeCloseTo(expected, 1);
    }
  });

  // The standard's own curve, figures 2 and 4 together.
  test.each([
    [20, -13.3],
    [100, -1.1],
    [1000, 0.7],
    [2000, 3.2],
    [10_000, 4],
  ])('weighs %i Hz by %f dB', (hz, expected) => {
    expect(Math.abs(weightDb(hz) - expected)).toBeLessThan(0.6);
  });

  test('numbers and loudness are two sides of one thing', () => {
    for (const loudness of [-70, -20, 0]) expect(lufs(meanSquareOf(loudness))).toBeCloseTo(loudness, 9);
    expect(lufs(0)).toBeLessThan(-100);
  });
});

describe('a high-pass at 80 Hz', () => {
  const gainDb = (hz: number) => {
    const filter = new Biquad(highPass(80));
    const sound = mono(tone(hz, 1, 48_000));
    filter.process(sound, sound);
    return db(peak(sound.subarray(24_000)));
  };

  test('takes rumble away, by 12 dB per octave, and leaves a voice', () => {
    expect(gainDb(80)).toBeCloseTo(-3, 1);
    expect(gainDb(40)).toBeCloseTo(-12.3, 0);
    expect(gainDb(20)).toBeLessThan(-23);
    expect(gainDb(160)).toBeGreaterThan(-0.4);
    expect(Math.abs(gainDb(1000))).toBeLessThan(0.01);
  });

  test('comes to rest: after sound there is silence, not ever smaller numbers', () => {
    const filter = new Biquad(highPass(80));
    const sound = mono(tone(50, 1, 4800));
    filter.process(sound, sound);
    const rest = new Float32Array(48_000);
    for (let i = 0; i < 50; i++)
      filter.process(rest.subarray(i * 960, (i + 1) * 960), rest.subarray(i * 960, (i + 1) * 960));
    expect(peak(rest.subarray(-960))).toBe(0);
  });
});
