import { BLOCK_SAMPLES, CHANNELS, SAMPLE_RATE } from '../../../mixer/audio/format.ts';

// Looked up once: in jest's own global scope every `Math.` costs more than the sine.
const { PI, abs, cos, hypot, log10, max, sin } = Math;

/** A sine in both channels, interleaved; `start` is the number of its first sample. */
export function tone(hz: number, amplitude: number, samples = BLOCK_SAMPLES, start = 0): Float32Array {
  const out = new Float32Array(samples * CHANNELS);
  for (let i = 0; i < samples; i++) {
    const value = amplitude * sin((2 * PI * hz * (start + i)) / SAMPLE_RATE);
    out.fill(value, i * CHANNELS, (i + 1) * CHANNELS);
  }
  return out;
}

/** Amplitude of the part of `sound` (interleaved, left channel) at `hz`: one bin of its spectrum. */
export function amplitudeAt(sound: Float32Array, hz: number): number {
  let real = 0;
  let imaginary = 0;
  const samples = sound.length / CHANNELS;
  for (let i = 0; i < samples; i++) {
    // A Hann window, so that a loud neighbour does not leak into this bin.
    const weight = 1 - cos((2 * PI * i) / samples);
    const angle = (2 * PI * hz * i) / SAMPLE_RATE;
    real += weight * sound[i * CHANNELS]! * cos(angle);
    imaginary += weight * sound[i * CHANNELS]! * sin(angle);
  }
  return (2 * hypot(real, imaginary)) / samples;
}

/** The same, as the mean over tenths of a second: for sound whose delay changes on the way. */
export function meanAmplitudeAt(sound: Float32Array, hz: number): number {
  const window = (SAMPLE_RATE / 10) * CHANNELS;
  const count = Math.floor(sound.length / window);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += amplitudeAt(sound.subarray(i * window, (i + 1) * window), hz);
  return sum / count;
}

export const db = (ratio: number) => 20 * log10(max(ratio, 1e-9));

/** The largest step between two neighbouring samples of the left channel. */
export function largestStep(sound: Float32Array): number {
  let largest = 0;
  for (let i = CHANNELS; i < sound.length; i += CHANNELS) {
    largest = max(largest, abs(sound[i]! - sound[i - CHANNELS]!));
  }
  return largest;
}

export function peak(sound: Float32Array): number {
  let size = 0;
  for (const sample of sound) size = max(size, abs(sample));
  return size;
}

export function joined(blocks: Float32Array[]): Float32Array {
  const out = new Float32Array(blocks.reduce((length, block) => length + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    out.set(block, at);
    at += block.length;
  }
  return out;
}
