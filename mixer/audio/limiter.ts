import { BLOCK_LENGTH, CHANNELS } from './format.ts';

/**
 * −3 dBFS: what Opus makes of the loudest mixes comes out up to 2 dB higher than it went in, and no
 * listener is to hear more than −1 dBFS.
 */
export const CEILING_DB = -3;

/** Samples and floats per millisecond: the step in which gain is decided. */
const STEP_SAMPLES = 48;
const STEP = STEP_SAMPLES * CHANNELS;
const LOOKAHEAD_STEPS = 2;

/** How much the mix is late for the limiter's look-ahead. */
export const LOOKAHEAD_SAMPLES = LOOKAHEAD_STEPS * STEP_SAMPLES;
export const LOOKAHEAD_US = LOOKAHEAD_STEPS * 1000;

/** Gain rises again by this factor per millisecond: 6 dB in about 100 ms. */
const RELEASE = 2 ** (1 / 100);

/**
 * Look-ahead peak limiter. Gain is decided per millisecond so that it has come down, in a straight line,
 * when the loud sample comes: it is therefore never above what a sample allows, and never jumps.
 */
export class Limiter {
  readonly #delayed = new Float32Array(LOOKAHEAD_STEPS * STEP);
  readonly #incoming = new Float32Array(STEP);
  /** What each delayed step allows, and the incoming one. */
  readonly #allowed = new Float64Array(LOOKAHEAD_STEPS + 1).fill(1);
  readonly #ceiling: number;
  #gain = 1;

  /** @param ceilingDb the highest peak that comes out, in dBFS */
  constructor(ceilingDb = CEILING_DB) {
    this.#ceiling = 10 ** (ceilingDb / 20);
  }

  /** Limits one block in place; what comes out is `LOOKAHEAD_US` late. */
  process(block: Float32Array): void {
    for (let at = 0; at < BLOCK_LENGTH; at += STEP) this.#step(block, at);
  }

  #step(block: Float32Array, start: number): void {
    const incoming = this.#incoming;
    for (let i = 0; i < STEP; i++) incoming[i] = block[start + i]!;
    this.#allowed.copyWithin(0, 1);
    this.#allowed[LOOKAHEAD_STEPS] = this.#allowedGain(incoming);
    const from = this.#gain;
    const to = this.#next(from);
    for (let i = 0; i < STEP; i += CHANNELS) {
      const gain = from + ((to - from) * (i + CHANNELS)) / STEP;
      for (let channel = 0; channel < CHANNELS; channel++) {
        block[start + i + channel] = this.#delayed[i + channel]! * gain;
      }
    }
    this.#gain = to;
    this.#delayed.copyWithin(0, STEP);
    this.#delayed.set(incoming, (LOOKAHEAD_STEPS - 1) * STEP);
  }

  /** The gain at the end of the step that leaves now: low enough to be in time for each that follows. */
  #next(from: number): number {
    let to = Math.min(1, from * RELEASE);
    for (let step = 0; step <= LOOKAHEAD_STEPS; step++) {
      to = Math.min(to, from + (this.#allowed[step]! - from) / Math.max(1, step));
    }
    return to;
  }

  #allowedGain(samples: Float32Array): number {
    let peak = 0;
    for (let i = 0; i < samples.length; i++) {
      const size = Math.abs(samples[i]!);
      if (size > peak) peak = size;
    }
    return peak > this.#ceiling ? this.#ceiling / peak : 1;
  }
}
