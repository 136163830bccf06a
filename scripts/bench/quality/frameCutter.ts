/** Cuts a byte stream into frames of one length. The frame given to `each` is reused: copy it to keep it. */
export class FrameCutter {
  readonly #frame: Buffer;
  readonly #each: (frame: Buffer) => void;
  #filled = 0;

  constructor(length: number, each: (frame: Buffer) => void) {
    this.#frame = Buffer.alloc(length);
    this.#each = each;
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(chunk.length - at, this.#frame.length - this.#filled);
      chunk.copy(this.#frame, this.#filled, at, at + taken);
      at += taken;
      this.#filled += taken;
      if (this.#filled < this.#frame.length) continue;
      this.#filled = 0;
      this.#each(this.#frame);
    }
  }
}
