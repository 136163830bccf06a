import type { ChannelCount } from './format.ts';

/** Overlap over which two places of a sound are faded into each other: 5 ms. */
export const OVERLAP_SAMPLES = 240;
/** The shortest and longest piece that is left out or played twice: 2.5 and 12.5 ms, periods of a voice. */
export const MIN_LAG_SAMPLES = 120;
export const MAX_LAG_SAMPLES = 600;

/** The first search looks at every fourth sample, that is at what lies below 6 kHz. */
const COARSE = 4;
/** Quieter than this (−60 dBov) any place is as good as any other. */
const SILENCE_POWER = 1e-6;

const first = new Float32Array((MAX_LAG_SAMPLES + OVERLAP_SAMPLES) / COARSE);
const whole = new Float32Array(MAX_LAG_SAMPLES + OVERLAP_SAMPLES);

export interface Match {
  lag: number;
  /** 1 where both places are the same, 0 where they have nothing in common, −1 where they cancel out. */
  similarity: number;
}

/**
 * Where `sound` repeats itself best: the lag after which its next 5 ms are most like its first 5 ms.
 *
 * @param sound at least `maxLag` + 240 interleaved samples
 * @param maxLag 120..600 samples
 */
export function bestLag(sound: Float32Array, channels: ChannelCount, maxLag: number): Match {
  const length = maxLag + OVERLAP_SAMPLES;
  let power = 0;
  for (let i = 0; i < length; i++) {
    const value = channels === 1 ? sound[i]! : (sound[2 * i]! + sound[2 * i + 1]!) / 2;
    whole[i] = value;
    power += value * value;
  }
  if (power / length < SILENCE_POWER) return { lag: maxLag, similarity: 1 };
  thinned(length);
  const near = search(first, MIN_LAG_SAMPLES / COARSE, Math.floor(maxLag / COARSE), OVERLAP_SAMPLES / COARSE);
  const from = Math.max(MIN_LAG_SAMPLES, (near.lag - 1) * COARSE);
  return search(whole, from, Math.min(maxLag, (near.lag + 1) * COARSE), OVERLAP_SAMPLES);
}

/** Means of four neighbours: a low-pass that is good enough to find the way by. */
function thinned(length: number): void {
  for (let i = 0; i < length / COARSE; i++) {
    let sum = 0;
    for (let k = 0; k < COARSE; k++) sum += whole[i * COARSE + k]!;
    first[i] = sum / COARSE;
  }
}

function search(sound: Float32Array, fromLag: number, toLag: number, overlap: number): Match {
  let best = { lag: fromLag, similarity: -1 };
  for (let lag = fromLag; lag <= toLag; lag++) {
    const similarity = correlation(sound, lag, overlap);
    if (similarity > best.similarity) best = { lag, similarity };
  }
  return best;
}

function correlation(sound: Float32Array, lag: number, overlap: number): number {
  let product = 0;
  let power = 1e-12;
  for (let i = 0; i < overlap; i++) {
    const a = sound[i]!;
    const b = sound[i + lag]!;
    product += a * b;
    power += a * a + b * b;
  }
  return (2 * product) / power;
}
