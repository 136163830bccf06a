import { LOOKAHEAD_SAMPLES } from './limiter.ts';

/** Packets on their way through the queue, at most; more are not measured. */
const MAX_PACKETS = 512;

/**
 * When the packets arrived whose sound is in the block that leaves now: a packet counts with the block
 * that holds its middle, the limiter's delay included.
 */
export class Transit {
  readonly #arrivals = new Float64Array(MAX_PACKETS);
  /** Samples from the start of the next block to the middle of each packet, as it leaves the limiter. */
  readonly #positions = new Float64Array(MAX_PACKETS);
  #size = 0;
  /** How many of the oldest arrivals have left with the last block. */
  #left = 0;

  /** A packet of `samples` was put behind `queued` others. */
  enter(arrivalUs: number, queued: number, samples: number): void {
    if (this.#size === MAX_PACKETS) return;
    this.#arrivals[this.#size] = arrivalUs;
    this.#positions[this.#size++] = queued + samples / 2 + LOOKAHEAD_SAMPLES;
  }

  /** `samples` were taken out, or cut out of what is queued (negative: put in). */
  advance(samples: number): void {
    for (let i = 0; i < this.#size; i++) this.#positions[i]! -= samples;
  }

  /** Tells when each packet arrived whose middle has left by now, and forgets it. */
  leave(each: (arrivalUs: number) => void): void {
    while (this.#left < this.#size && this.#positions[this.#left]! <= 0) each(this.#arrivals[this.#left++]!);
    this.#arrivals.copyWithin(0, this.#left, this.#size);
    this.#positions.copyWithin(0, this.#left, this.#size);
    this.#size -= this.#left;
    this.#left = 0;
  }

  clear(): void {
    this.#size = 0;
  }
}
