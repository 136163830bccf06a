import type { AudioTrack } from './audioTrack.ts';
import { BLOCK_LENGTH } from './format.ts';

/** A track of the mix and whose it is. */
export interface MixInput {
  participant: string;
  track: AudioTrack;
}

/** One block of the mix: summed once; who listens to it without themselves subtracts their own part. */
export class Mix {
  readonly sum = new Float32Array(BLOCK_LENGTH);
  #own = new Map<string, Float32Array>();

  /** Pulls 20 ms from every track. */
  advance(inputs: Iterable<MixInput>, nowUs: number): void {
    this.sum.fill(0);
    this.#own.clear();
    for (const { participant, track } of inputs) {
      const block = track.pull(nowUs);
      if (block === null) continue;
      add(this.sum, block);
      const before = this.#own.get(participant);
      if (before === undefined) this.#own.set(participant, block);
      else this.#own.set(participant, added(before, block));
    }
  }

  /** What `participant` put into the sum; null when nothing. */
  own(participant: string | undefined): Float32Array | null {
    return participant === undefined ? null : (this.#own.get(participant) ?? null);
  }
}

function add(sum: Float32Array, block: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += block[i]!;
}

function added(a: Float32Array, b: Float32Array): Float32Array {
  const sum = Float32Array.from(a);
  add(sum, b);
  return sum;
}
