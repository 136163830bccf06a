import { CHANNELS } from './format.ts';

/** 10 ms of what was heard last, and 5 ms until sound is as loud again as it was sent. */
const TAIL_LENGTH = 480 * CHANNELS;
const FADE_IN_LENGTH = 240 * CHANNELS;

/**
 * Hides what is missing: the last 10 ms come once more, backwards and fading, which joins without a
 * step; then there is silence, and what follows fades in.
 */
export class Concealment {
  readonly #tail = new Float32Array(TAIL_LENGTH);
  #length = 0;
  #fadesIn = true;

  /** Sound as it is about to be heard; fades it in, in place, where something was missing before. */
  pass(samples: Float32Array): void {
    if (this.#fadesIn) fadeIn(samples);
    this.#fadesIn = false;
    const kept = samples.subarray(Math.max(0, samples.length - TAIL_LENGTH));
    this.#tail.set(kept);
    this.#length = kept.length;
  }

  /** Fills `out`, which stands where sound is missing. */
  cover(out: Float32Array): void {
    const length = Math.min(this.#length, out.length);
    for (let at = 0; at < length; at += CHANNELS) {
      const from = this.#length - CHANNELS - at;
      const weight = 1 - (at + CHANNELS) / length;
      for (let channel = 0; channel < CHANNELS; channel++) {
        out[at + channel] = this.#tail[from + channel]! * weight;
      }
    }
    out.fill(0, length);
    this.#length = 0;
    this.#fadesIn = true;
  }
}

function fadeIn(samples: Float32Array): void {
  const length = Math.min(samples.length, FADE_IN_LENGTH);
  for (let at = 0; at < length; at++) samples[at]! *= at / length;
}
