import { BLOCK_SAMPLES, SAMPLE_RATE } from '../../../mixer/audio/format.ts';
import type { SoundInput } from '../../../mixer/audio/strip.ts';
import { Random } from './random.ts';

const { PI, floor, sin, sqrt } = Math;

/** Harmonics of a voice, falling by 6 dB per octave. */
const HARMONICS = 12;
/** Four syllables a second, each two thirds sound; sentences of 3 s, with 0.6 s between them. */
const SYLLABLE = SAMPLE_RATE / 4;

/** One period of it, finer than it is ever played. */
const period = Float32Array.from({ length: SAMPLE_RATE }, (_, at) => {
  let sum = 0;
  for (let harmonic = 1; harmonic <= HARMONICS; harmonic++) {
    sum += sin((2 * PI * harmonic * at) / SAMPLE_RATE) / harmonic;
  }
  return sum;
});

/** Something that is to meters and gates what speech is: voiced syllables with gaps, over a noise floor. */
export class Voice implements SoundInput {
  readonly channels = 1;
  readonly #random: Random;
  readonly #hz: number;
  readonly #noise: number;
  readonly #block = new Float32Array(BLOCK_SAMPLES);
  amplitude: number;
  #position = 0;

  /** @param amplitude of the voice's fundamental; `noise` of what stands behind it */
  constructor({ hz = 140, amplitude = 0.2, noise = 0, seed = 1 } = {}) {
    this.#random = new Random(seed);
    this.#hz = hz;
    this.amplitude = amplitude;
    this.#noise = noise;
  }

  pull(): Float32Array {
    for (let i = 0; i < BLOCK_SAMPLES; i++, this.#position++) {
      const noise = this.#noise * (2 * this.#random.fraction() - 1);
      this.#block[i] = noise + this.amplitude * this.#loud() * this.#voiced();
    }
    return this.#block;
  }

  close(): void {}

  #loud(): number {
    if (this.#position % (3.6 * SAMPLE_RATE) > 3 * SAMPLE_RATE) return 0;
    const phase = (this.#position % SYLLABLE) / SYLLABLE / (2 / 3);
    return phase < 1 ? sqrt(sin(PI * phase)) : 0;
  }

  #voiced(): number {
    const turns = (this.#hz * this.#position) / SAMPLE_RATE;
    return period[floor((turns - floor(turns)) * period.length)]!;
  }
}
