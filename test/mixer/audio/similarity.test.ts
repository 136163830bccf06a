import { describe, expect, test } from '@jest/globals';
import { bestLag } from '../../../mixer/audio/similarity.ts';
import { Random } from '../harness/random.ts';
import { tone } from '../harness/sound.ts';

const mono = (stereo: Float32Array) => stereo.filter((_, i) => i % 2 === 0);

describe.each([1, 2] as const)('in %i channels', (channels) => {
  const of = (stereo: Float32Array) => (channels === 2 ? stereo : mono(stereo));

  test.each([90, 130, 200, 440, 1000])('a tone of %i Hz repeats itself after whole periods', (hz) => {
    const { lag, similarity } = bestLag(of(tone(hz, 0.3, 840)), channels, 600);
    const periods = (lag * hz) / 48_000;
    expect(Math.abs(periods - Math.round(periods))).toBeLessThan(0.05);
    expect(similarity).toBeGreaterThan(0.98);
  });
});

test('a piece is never longer than allowed', () => {
  for (const maxLag of [120, 250, 600]) {
    const { lag } = bestLag(mono(tone(310, 0.3, 840)), 1, maxLag);
    expect(lag).toBeGreaterThanOrEqual(120);
    expect(lag).toBeLessThanOrEqual(maxLag);
  }
});

test('noise is not like itself anywhere', () => {
  const random = new Random(3);
  const noise = Float32Array.from({ length: 840 }, () => random.fraction() - 0.5);
  expect(bestLag(noise, 1, 600).similarity).toBeLessThan(0.5);
});

test('a fading tone is less like itself the further away', () => {
  const fading = mono(tone(440, 0.5, 840)).map((sample, i) => sample * (1 - i / 840));
  expect(bestLag(fading, 1, 600).lag).toBeLessThan(240);
});

test('silence is cut anywhere, and as much as possible', () => {
  expect(bestLag(new Float32Array(840), 1, 555)).toEqual({ lag: 555, similarity: 1 });
});
