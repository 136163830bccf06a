/** Arithmetic of counters that wrap: RTP sequence numbers (16 bit) and timestamps (32 bit). */

/** How far `a` is ahead of `b`, −32768..32767. */
export function sequenceDistance(a: number, b: number): number {
  return ((a - b) << 16) >> 16;
}

/** How far timestamp `a` is ahead of `b`, −2³¹..2³¹−1. */
export function timestampDistance(a: number, b: number): number {
  return (a - b) | 0;
}

/** Follows a 16-bit counter through its wraps; the first value stands for itself. */
export class SequenceUnwrapper {
  #highest = -1;

  get highest(): number {
    return this.#highest;
  }

  /** The value closest to the highest one seen so far; may be negative just after the start. */
  peek(sequence: number): number {
    if (this.#highest < 0) return sequence;
    return this.#highest + sequenceDistance(sequence, this.#highest & 0xffff);
  }

  unwrap(sequence: number): number {
    const value = this.peek(sequence);
    if (value > this.#highest) this.#highest = value;
    return value;
  }
}
