/** Arithmetic on RTP's wrapping counters (RFC 3550 5.1). */

/** Signed distance from `from` to `to` on a 16-bit circle: −32768..32767. */
export function sequenceDistance(from: number, to: number): number {
  return ((to - from) << 16) >> 16;
}

/** Unrolls a wrapping counter of `bits` bits into a number that only wraps after 2^53. */
export class Unwrapper {
  readonly #span: number;
  #last: number | undefined;

  constructor(bits: 16 | 32) {
    this.#span = 2 ** bits;
  }

  /** The value nearest to the last one given; the first is taken as it is, plus one turn so that none is negative. */
  unwrap(value: number): number {
    if (this.#last === undefined) {
      this.#last = value + this.#span;
      return this.#last;
    }
    const span = this.#span;
    let distance = (value - (this.#last % span) + span) % span;
    if (distance >= span / 2) distance -= span;
    const unrolled = this.#last + distance;
    if (unrolled > this.#last) this.#last = unrolled;
    return unrolled;
  }
}
