import { BLOCK_LENGTH } from '../audio/format.ts';

/** Decoded sound on its way to the mix, in pieces as they came. */
export class SoundQueue {
  #pieces: Float32Array[] = [];
  /** Of the first piece, what has been taken. */
  #taken = 0;
  #length = 0;

  /** A whole block is there. */
  get ready(): boolean {
    return this.#length >= BLOCK_LENGTH;
  }

  get empty(): boolean {
    return this.#length === 0;
  }

  push(samples: Float32Array): void {
    this.#pieces.push(samples);
    this.#length += samples.length;
  }

  /** The next block into `out`, silence behind what is there. */
  take(out: Float32Array): void {
    let at = 0;
    while (at < out.length && this.#length > 0) {
      const piece = this.#pieces[0]!;
      const part = piece.subarray(this.#taken, this.#taken + out.length - at);
      out.set(part, at);
      at += part.length;
      this.#length -= part.length;
      this.#taken += part.length;
      if (this.#taken < piece.length) continue;
      this.#pieces.shift();
      this.#taken = 0;
    }
    out.fill(0, at);
  }

  /** A copy of the next block, which stays. */
  peek(out: Float32Array): void {
    let at = 0;
    for (const [index, piece] of this.#pieces.entries()) {
      const from = index === 0 ? this.#taken : 0;
      const part = piece.subarray(from, from + out.length - at);
      out.set(part, at);
      at += part.length;
      if (at === out.length) break;
    }
    out.fill(0, at);
  }

  clear(): void {
    this.#pieces = [];
    this.#taken = 0;
    this.#length = 0;
  }
}
