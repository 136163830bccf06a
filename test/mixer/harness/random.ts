import { seededRandom } from '../../../scripts/bench/clips/random.ts';

/** Dice with a seed that a failing test can name. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seededRandom(seed);
  }

  /** 0 ≤ x < 1. */
  fraction(): number {
    return this.#next();
  }

  /** A whole number, 0 ≤ x < limit. */
  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  /** A copy of `bytes` with bits flipped, bytes overwritten, cut or grown. */
  mutated(bytes: Buffer): Buffer {
    let copy = Buffer.from(bytes);
    for (let changes = 1 + this.below(4); changes > 0; changes--) {
      const at = this.below(Math.min(copy.length || 1, this.chance(0.7) ? 32 : copy.length || 1));
      const kind = this.below(5);
      if (kind === 0 && copy.length > 0) copy[at]! ^= 1 << this.below(8);
      else if (kind === 1 && copy.length > 0) copy[at] = this.below(256);
      else if (kind === 2) copy = copy.subarray(0, this.below(copy.length + 1));
      else if (kind === 3)
        copy = Buffer.concat([copy.subarray(0, at), this.bytes(this.below(9)), copy.subarray(at)]);
      else if (copy.length > 0)
        copy.fill(this.pick([0, 0xff]), at, Math.min(copy.length, at + 1 + this.below(6)));
    }
    return copy;
  }
}
