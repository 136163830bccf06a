/** 4 ms seen at a time, each millisecond: a beep is found to the millisecond, and tones 1 kHz apart are two. */
const WINDOW = 192;
const HOP = 48;

/** Amplitude from which on a tone is a beep, and below which it is over. */
const LOUD = 0.02;
const QUIET = 0.008;

const window = Float64Array.from(
  { length: WINDOW },
  (_, i) => 1 - Math.cos((2 * Math.PI * (i + 0.5)) / WINDOW),
);

/** Hears when beeps of one tone begin in stereo sound. */
export class BeepEar {
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #held = new Float32Array(WINDOW);
  #isLoud = true;

  constructor(toneHz: number) {
    const angle = (2 * Math.PI * toneHz) / 48_000;
    this.#cos = window.map((weight, i) => weight * Math.cos(angle * i));
    this.#sin = window.map((weight, i) => weight * Math.sin(angle * i));
  }

  /** Interleaved samples, a multiple of a millisecond; gives the samples with which beeps begin, from their first. */
  push(samples: Float32Array): number[] {
    const begins: number[] = [];
    const held = this.#held;
    for (let at = 0; at < samples.length / 2; at += HOP) {
      held.copyWithin(0, HOP);
      for (let i = 0; i < HOP; i++) held[WINDOW - HOP + i] = samples[2 * (at + i)]!;
      const amplitude = this.#amplitude();
      if (amplitude > LOUD && !this.#isLoud) {
        this.#isLoud = true;
        begins.push(at + HOP - WINDOW / 2);
      } else if (amplitude < QUIET) this.#isLoud = false;
    }
    return begins;
  }

  #amplitude(): number {
    let real = 0;
    let imaginary = 0;
    for (let i = 0; i < WINDOW; i++) {
      real += this.#held[i]! * this.#cos[i]!;
      imaginary += this.#held[i]! * this.#sin[i]!;
    }
    return (2 * Math.hypot(real, imaginary)) / WINDOW;
  }
}
