import { BLOCK_LENGTH, CHANNELS } from './format.ts';

/** −1 dBFS. */
export const CEILING = 10 ** (-1 / 20);

/** Floats per millisecond: the step in which gain is decided. */
const STEP = 48 * CHANNELS;
const LOOKAHEAD_STEPS = 5;

/** How much the mix is late for the limiter's look-ahead. */
export const LOOKAHEAD_US = LOOKAHEAD_STEPS * 1000;

/** Gain rises again by this factor per millisecond: 6 dB in about 100 ms. */
const RELEASE = 2 ** (1 / 100);

/**
 * Look-ahead peak limiter. Gain is decided per millisecond as the least that any of the next five
 * allows, and moves in a straight line between two decisions: it is therefore never above what a
 * sample allows, and never jumps.
 */
export class Limiter {
  readonly #delayed = new Float32Array(LOOKAHEAD_STEPS * STEP);
  /** What each delayed step allows. */
  readonly #allowed: number[] = new Array(LOOKAHEAD_STEPS).fill(1);
  #gain = 1;

  /** Limits one block in place; what comes out is `LOOKAHEAD_US` late. */
  process(block: Float32Array): void {
    for (let at = 0; at < BLOCK_LENGTH; at += STEP) this.#step(block, at);
  }

  #step(block: Float32Array, start: number): void {
    const incoming = block.slice(start, start + STEP);
    this.#allowed.push(allowedGain(incoming));
    const least = Math.min(...this.#allowed);
    const from = this.#gain;
    const to = Math.min(least, from * RELEASE, 1);
    for (let i = 0; i < STEP; i += CHANNELS) {
      const gain = from + ((to - from) * (i + CHANNELS)) / STEP;
      for (let channel = 0; channel < CHANNELS; channel++) {
        block[start + i + channel] = this.#delayed[i + channel]! * gain;
      }
    }
    this.#gain = to;
    this.#allowed.shift();
    this.#delayed.copyWithin(0, STEP);
    this.#delayed.set(incoming, (LOOKAHEAD_STEPS - 1) * STEP);
  }
}

function allowedGain(samples: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < samples.length; i++) {
    const size = Math.abs(samples[i]!);
    if (size > peak) peak = size;
  }
  return peak > CEILING ? CEILING / peak : 1;
}
