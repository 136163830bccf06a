import { SAMPLE_RATE } from './format.ts';

/** Of a second-order filter, normalized so that a0 is 1. */
export interface BiquadCoefficients {
  b0: number;
  b1: number;
  b2: number;
  a1: number;
  a2: number;
}

/** Values that have become this small are nothing; computing with denormal numbers takes a hundred times longer. */
const NOTHING = 1e-15;

/** A second-order filter of mono sound (transposed direct form II). */
export class Biquad {
  readonly #coefficients: BiquadCoefficients;
  #first = 0;
  #second = 0;

  constructor(coefficients: BiquadCoefficients) {
    this.#coefficients = coefficients;
  }

  /** Filters `from` into `to`, which may be the same. */
  process(from: Float32Array, to: Float32Array): void {
    const { b0, b1, b2, a1, a2 } = this.#coefficients;
    let first = this.#first;
    let second = this.#second;
    for (let i = 0; i < from.length; i++) {
      const input = from[i]!;
      const output = b0 * input + first;
      first = b1 * input - a1 * output + second;
      second = b2 * input - a2 * output;
      to[i] = output;
    }
    this.#first = Math.abs(first) < NOTHING ? 0 : first;
    this.#second = Math.abs(second) < NOTHING ? 0 : second;
  }
}

/** A Butterworth high-pass of second order: −3 dB at `hz`, 12 dB per octave below. */
export function highPass(hz: number): BiquadCoefficients {
  const w = (2 * Math.PI * hz) / SAMPLE_RATE;
  const alpha = Math.sin(w) / Math.SQRT2;
  const a0 = 1 + alpha;
  const b0 = (1 + Math.cos(w)) / 2 / a0;
  return { b0, b1: -2 * b0, b2: b0, a1: (-2 * Math.cos(w)) / a0, a2: (1 - alpha) / a0 };
}
