import { BLOCK_SAMPLES, type ChannelCount } from './format.ts';

/** 10 ms: short enough to be at once, long enough not to click. */
export const FADE_SAMPLES = 480;

/** A volume that may be moved at any time: what it does to sound has no steps. */
export class Fader {
  #gain: number;
  #wanted: number;

  /** @param gain where it stands first, as a factor */
  constructor(gain: number) {
    this.#gain = gain;
    this.#wanted = gain;
  }

  moveTo(gain: number): void {
    this.#wanted = gain;
  }

  /** Where it stands, or is going to. */
  get gain(): number {
    return this.#wanted;
  }

  /** Nothing is let through, in this block and in those before it. */
  get closed(): boolean {
    return this.steadyAt(0);
  }

  /** Stands at `gain`, and did so before. */
  steadyAt(gain: number): boolean {
    return this.#gain === gain && this.#wanted === gain;
  }

  /** One block, interleaved, in place. */
  process(block: Float32Array, channels: ChannelCount): void {
    const from = this.#gain;
    const to = this.#wanted;
    this.#gain = to;
    if (from === to) scale(block, 0, to);
    else {
      fade(block, channels, from, to);
      scale(block, FADE_SAMPLES * channels, to);
    }
  }
}

function scale(block: Float32Array, start: number, gain: number): void {
  if (gain === 1) return;
  for (let i = start; i < block.length; i++) block[i]! *= gain;
}

function fade(block: Float32Array, channels: ChannelCount, from: number, to: number): void {
  const slope = (to - from) / FADE_SAMPLES;
  for (let i = 0; i < Math.min(FADE_SAMPLES, BLOCK_SAMPLES); i++) {
    const gain = from + slope * (i + 1);
    for (let channel = 0; channel < channels; channel++) block[i * channels + channel]! *= gain;
  }
}
