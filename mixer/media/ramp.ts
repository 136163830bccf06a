import { BLOCK_SAMPLES, CHANNELS, SAMPLE_RATE } from '../audio/format.ts';

/** A volume on its way up or down, evenly over a time of at least one block. */
export class Ramp {
  #gain = 1;
  #target = 1;
  #step = 0;

  /** From silence to full. */
  rise(ms: number): void {
    this.#gain = 0;
    this.#move(1, ms);
  }

  /** From where it is to silence. */
  fall(ms: number): void {
    this.#move(0, ms);
  }

  get silent(): boolean {
    return this.#gain === 0 && this.#target === 0;
  }

  /** One block of stereo, in place. */
  process(block: Float32Array): void {
    if (this.#gain === 1 && this.#target === 1) return;
    for (let i = 0; i < block.length; i += CHANNELS) {
      this.#advance();
      for (let channel = 0; channel < CHANNELS; channel++) block[i + channel]! *= this.#gain;
    }
  }

  #move(target: number, ms: number): void {
    this.#target = target;
    this.#step = 1 / Math.max(BLOCK_SAMPLES, (ms * SAMPLE_RATE) / 1000);
  }

  #advance(): void {
    if (this.#gain === this.#target) return;
    const isUp = this.#target > this.#gain;
    const next = this.#gain + (isUp ? this.#step : -this.#step);
    this.#gain = isUp ? Math.min(this.#target, next) : Math.max(this.#target, next);
  }
}
