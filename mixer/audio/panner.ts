import { BLOCK_SAMPLES, BLOCK_US, CHANNELS } from './format.ts';

/**
 * How far out somebody at the picture's very edge is heard: 0 is the middle, 1 one ear alone. By the tangent
 * law that is 19° between loudspeakers at ±30°, where the edge of a picture is that one sits in front of; the
 * far ear still gets two fifths, 8 dB less than from the middle.
 */
export const WIDTH = 0.6;

/** From one side to the other: about as long as a tile takes for the way. */
const TURN_US = 250_000;
const STEP = (2 * WIDTH * BLOCK_US) / TURN_US;

/** Where the sound of a tile belongs, −0.6 (left) to 0.6, by its place in fractions of the canvas. */
export function panOf({ x, w }: { x: number; w: number }): number {
  const middle = Math.min(1, Math.max(0, x + w / 2));
  return WIDTH * (2 * middle - 1);
}

/**
 * A voice's place between left and right, which may be moved at any time: it turns there without a step.
 * What one side loses the other one gains, so left and right together are what they were, and who listens
 * in mono hears no difference.
 */
export class Panner {
  #pan: number;
  #wanted: number;

  /** @param pan where it stands first */
  constructor(pan: number) {
    this.#pan = pan;
    this.#wanted = pan;
  }

  moveTo(pan: number): void {
    this.#wanted = pan;
  }

  /** There at once, which nobody hears while there is nothing to be heard. */
  jump(): void {
    this.#pan = this.#wanted;
  }

  /** Changes nothing. */
  get centred(): boolean {
    return this.#pan === 0 && this.#wanted === 0;
  }

  /** One block of stereo in which both sides are the same, in place. */
  process(block: Float32Array): void {
    const from = this.#pan;
    const to = from + Math.min(STEP, Math.max(-STEP, this.#wanted - from));
    this.#pan = to;
    const slope = (to - from) / BLOCK_SAMPLES;
    for (let i = 0; i < BLOCK_SAMPLES; i++) {
      const pan = from + slope * (i + 1);
      block[i * CHANNELS]! *= 1 - pan;
      block[i * CHANNELS + 1]! *= 1 + pan;
    }
  }
}
