import { CHANNELS, type ChannelCount } from './format.ts';

/** Room before the first sample: where sound that is stretched grows into. */
const HEADROOM_SAMPLES = 1200;

/** Decoded sound waiting to be mixed: a queue of interleaved samples, bounded, that can be cut and stretched. */
export class SampleQueue {
  readonly #channels: ChannelCount;
  readonly #headroom: number;
  readonly #samples: Float32Array;
  #start: number;
  #length = 0;

  constructor(maxSamples: number, channels: ChannelCount = CHANNELS) {
    this.#channels = channels;
    this.#headroom = HEADROOM_SAMPLES * channels;
    this.#samples = new Float32Array(maxSamples * channels + this.#headroom);
    this.#start = this.#headroom;
  }

  /** Samples per channel. */
  get size(): number {
    return this.#length / this.#channels;
  }

  /** Appends; what does not fit is left out. */
  push(samples: Float32Array): void {
    const room = this.#samples.length - this.#headroom - this.#length;
    if (room <= 0) return;
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

  /** The first `count` samples as they lie, fewer when fewer are there; to be read at once. */
  head(count: number): Float32Array {
    return this.#samples.subarray(this.#start, this.#start + Math.min(count * this.#channels, this.#length));
  }

  /** Leaves out the first `lag` samples, fading into what follows over `overlap`. Needs both to be there. */
  shrink(lag: number, overlap: number): void {
    const cut = lag * this.#channels;
    const length = overlap * this.#channels;
    if (this.#length < cut + length) return;
    for (let i = 0; i < length; i++) {
      const weight = i / length;
      const at = this.#start + i;
      this.#samples[at + cut] = this.#samples[at]! * (1 - weight) + this.#samples[at + cut]! * weight;
    }
    this.#start += cut;
    this.#length -= cut;
  }

  /** Plays the first `lag` samples twice, fading back over `overlap`. Needs both to be there. */
  stretch(lag: number, overlap: number): void {
    const added = lag * this.#channels;
    const length = overlap * this.#channels;
    if (this.#length < added + length || lag > HEADROOM_SAMPLES) return;
    if (this.#start < added) this.#compact();
    const samples = this.#samples;
    samples.copyWithin(this.#start - added, this.#start, this.#start + added);
    for (let i = 0; i < length; i++) {
      const weight = i / length;
      const at = this.#start + i;
      samples[at] = samples[at + added]! * (1 - weight) + samples[at]! * weight;
    }
    this.#start -= added;
    this.#length += added;
  }

  clear(): void {
    this.#start = this.#headroom;
    this.#length = 0;
  }

  #compact(): void {
    this.#samples.copyWithin(this.#headroom, this.#start, this.#start + this.#length);
    this.#start = this.#headroom;
  }
}
