import { CHANNELS } from './format.ts';

/** Decoded sound waiting to be mixed: a queue of interleaved samples, bounded. */
export class SampleQueue {
  readonly #samples: Float32Array;
  #start = 0;
  #length = 0;

  constructor(maxSamples: number) {
    this.#samples = new Float32Array(maxSamples * CHANNELS);
  }

  /** Samples per channel. */
  get size(): number {
    return this.#length / CHANNELS;
  }

  /** Appends; what does not fit is left out. */
  push(samples: Float32Array): void {
    const room = this.#samples.length - this.#length;
    const taken = samples.length > room ? samples.subarray(0, room) : samples;
    if (this.#start + this.#length + taken.length > this.#samples.length) this.#compact();
    this.#samples.set(taken, this.#start + this.#length);
    this.#length += taken.length;
  }

  /** Takes up to `out.length` floats; the rest of `out` is silence. Gives how many were there. */
  take(out: Float32Array): number {
    const count = Math.min(out.length, this.#length);
    out.set(this.#samples.subarray(this.#start, this.#start + count));
    out.fill(0, count);
    this.#start += count;
    this.#length -= count;
    return count;
  }

  /** Leaves out `count` samples, fading from what comes before into what comes after. */
  skip(count: number): void {
    const cut = count * CHANNELS;
    if (this.#length < 2 * cut) return;
    for (let i = 0; i < cut; i++) {
      const weight = i / cut;
      const at = this.#start + i;
      this.#samples[at + cut] = this.#samples[at]! * (1 - weight) + this.#samples[at + cut]! * weight;
    }
    this.#start += cut;
    this.#length -= cut;
  }

  clear(): void {
    this.#start = 0;
    this.#length = 0;
  }

  #compact(): void {
    this.#samples.copyWithin(0, this.#start, this.#start + this.#length);
    this.#start = 0;
  }
}
