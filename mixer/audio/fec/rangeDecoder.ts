/** Bits that the decoder looks at, and where it takes in another byte (RFC 6716 4.1.1). */
const TOP_MASK = 0x7fff_ffff;
const BOTTOM = 2 ** 23;
const FIRST_BITS = 9;

/** Reads the symbols of an Opus frame, of which each took as little room as it was likely (RFC 6716 4.1). */
export class RangeDecoder {
  readonly #bytes: Buffer;
  #at = 0;
  #last: number;
  #range = 128;
  #value: number;
  #bits = FIRST_BITS;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#last = this.#next();
    this.#value = 127 - (this.#last >> 1);
    this.#normalize();
  }

  /** How many bits the symbols so far took, rounded up (4.1.6.1). */
  get usedBits(): number {
    return this.#bits - (32 - Math.clz32(this.#range));
  }

  /** One that is as likely as not. */
  bit(): number {
    const half = this.#range >>> 1;
    const isSet = this.#value < half;
    if (!isSet) this.#value -= half;
    this.#range = isSet ? half : this.#range - half;
    this.#normalize();
    return isSet ? 1 : 0;
  }

  /**
   * One of several.
   *
   * @param cdf 256 less the sum of the probabilities up to each, the last one 0
   * @param from where in it the symbol's own begin
   */
  symbol(cdf: ArrayLike<number>, from = 0): number {
    const unit = this.#range >>> 8;
    let above = this.#range;
    let at = from;
    let below = unit * cdf[at]!;
    while (this.#value < below) {
      above = below;
      below = unit * cdf[++at]!;
    }
    this.#value -= below;
    this.#range = above - below;
    this.#normalize();
    return at - from;
  }

  #normalize(): void {
    while (this.#range <= BOTTOM) {
      this.#bits += 8;
      this.#range *= 256;
      const next = this.#next();
      const byte = ((this.#last << 8) | next) >> 1;
      this.#last = next;
      this.#value = ((this.#value << 8) + (0xff & ~byte)) & TOP_MASK;
    }
  }

  /** What lies behind the end counts as zero. */
  #next(): number {
    return this.#at < this.#bytes.length ? this.#bytes[this.#at++]! : 0;
  }
}
