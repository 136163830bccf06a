/** Packets kept; at 15 Mbit/s it is one second. */
const SLOTS = 2048;

/** The last packets of one source, by sequence number, for retransmission. Shared by all its viewers. */
export class PacketCache {
  readonly #maxAgeUs: number;
  readonly #sequences = new Int32Array(SLOTS).fill(-1);
  readonly #starts = new Int32Array(SLOTS);
  readonly #ends = new Int32Array(SLOTS);
  readonly #times = new Float64Array(SLOTS);
  readonly #buffers: (Buffer | undefined)[] = new Array(SLOTS).fill(undefined);

  /** @param maxAgeUs packets older than this are not given out */
  constructor(maxAgeUs: number) {
    this.#maxAgeUs = maxAgeUs;
  }

  /** Remembers `buffer[start..end)`; nothing is copied, so the buffer must stay as it is. */
  put(sequence: number, buffer: Buffer, start: number, end: number, nowUs: number): void {
    const slot = sequence % SLOTS;
    this.#sequences[slot] = sequence;
    this.#starts[slot] = start;
    this.#ends[slot] = end;
    this.#times[slot] = nowUs;
    this.#buffers[slot] = buffer;
  }

  get(sequence: number, nowUs: number): Buffer | undefined {
    const slot = sequence % SLOTS;
    if (this.#sequences[slot] !== sequence || nowUs - this.#times[slot]! > this.#maxAgeUs) return undefined;
    return this.#buffers[slot]?.subarray(this.#starts[slot], this.#ends[slot]);
  }

  clear(): void {
    this.#sequences.fill(-1);
    this.#buffers.fill(undefined);
  }
}
