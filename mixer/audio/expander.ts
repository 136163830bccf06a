import { BLOCK_SAMPLES } from './format.ts';

/** The step in which it is decided: 2.5 ms. */
const STEP = 120;
const STEPS = BLOCK_SAMPLES / STEP;

/** Opens above the first, closes below the second level (dBov, of 2.5 ms): no flutter between them. */
const OPEN_POWER = 10 ** (-52 / 10);
const CLOSE_POWER = 10 ** (-58 / 10);

/** Stays open for 300 ms: the end of a word is quieter than its middle. */
const HOLD_STEPS = 120;

/** Closed it lets through −12 dB: room noise is lowered, and no word begins out of nothing. */
const CLOSED_GAIN = 10 ** (-12 / 20);

/** Closes by this factor per step: 12 dB in 150 ms. */
const RELEASE = CLOSED_GAIN ** (1 / 60);

/**
 * A soft noise gate with hysteresis and hold. It sees a whole block before it decides about its
 * beginning, so that it is open, in a straight line, before a word is heard.
 */
export class Expander {
  readonly #power = new Float64Array(STEPS);
  #gain = CLOSED_GAIN;
  #held = 0;
  #isOpen = false;

  /** Whether the last block had speech in it, or the hold after it. */
  get open(): boolean {
    return this.#isOpen;
  }

  /** Lowers noise in one block of mono sound, in place. */
  process(block: Float32Array): void {
    for (let step = 0; step < STEPS; step++) this.#power[step] = powerOf(block, step * STEP);
    for (let step = 0; step < STEPS; step++) {
      const next = Math.min(STEPS - 1, step + 1);
      this.#decide(Math.max(this.#power[step]!, this.#power[next]!));
      const from = this.#gain;
      const to = this.#isOpen ? 1 : Math.max(CLOSED_GAIN, from * RELEASE);
      if (from !== 1 || to !== 1) ramp(block, step * STEP, from, to);
      this.#gain = to;
    }
  }

  #decide(power: number): void {
    const isLoud = power > (this.#isOpen ? CLOSE_POWER : OPEN_POWER);
    if (isLoud) this.#held = HOLD_STEPS;
    else if (this.#held > 0) this.#held--;
    this.#isOpen = isLoud || this.#held > 0;
  }
}

function powerOf(block: Float32Array, start: number): number {
  let sum = 0;
  for (let i = start; i < start + STEP; i++) sum += block[i]! * block[i]!;
  return sum / STEP;
}

function ramp(block: Float32Array, start: number, from: number, to: number): void {
  const slope = (to - from) / STEP;
  for (let i = 0; i < STEP; i++) block[start + i]! *= from + slope * (i + 1);
}
