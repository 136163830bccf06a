/**
 * The packets of one picture on their way to one viewer: written as plain RTP, protected in place, sent.
 * The memory is used again for the next viewer, so that it stays in the processor's cache.
 *
 * Each packet begins at a multiple of four bytes, with `HEADROOM` free bytes before it and `TAILROOM`
 * behind it: a cipher can work in words, and authenticate without a copy.
 */

/** One block of SHA-1: the inner key of HMAC stands there. */
export const HEADROOM = 64;
/** The longest tag, or rollover counter and padding to a whole word. */
export const TAILROOM = 16;

export const BATCH_BYTES = 48 * 1024;
const MAX_PACKETS = 64;
/** Longest plain packet that fits the guard of the other side with its tag, in bytes. */
export const MAX_PACKET_BYTES = 2_000;

export class PacketBatch {
  bytes: Buffer;
  /** The same memory. */
  words: Int32Array;
  count = 0;
  readonly starts = new Int32Array(MAX_PACKETS);
  /** In bytes; protection adds its tag. */
  readonly lengths = new Int32Array(MAX_PACKETS);
  /** Whole packets' headers, extension included. Written by whoever protects. */
  readonly headers = new Int32Array(MAX_PACKETS);
  /** Rollover counter of each (RFC 3711 3.3.1). Written by whoever protects. */
  readonly rollovers = new Uint32Array(MAX_PACKETS);
  #end = 0;

  constructor() {
    this.bytes = Buffer.allocUnsafeSlow(BATCH_BYTES);
    this.words = wordsOf(this.bytes);
  }

  /** Where a packet of at most `length` bytes may be written; −1 when there is no room for it now. */
  room(length: number): number {
    const start = this.#end + HEADROOM;
    return this.count < MAX_PACKETS && start + length + TAILROOM <= BATCH_BYTES ? start : -1;
  }

  /** The packet at `room()` is written and has `length` bytes. */
  add(length: number): void {
    const start = this.#end + HEADROOM;
    this.starts[this.count] = start;
    this.lengths[this.count] = length;
    this.count++;
    this.#end = (start + length + TAILROOM + 3) & ~3;
  }

  clear(): void {
    this.count = 0;
    this.#end = 0;
  }

  /** Empty, over other memory: somebody still reads the old. */
  renew(): void {
    this.bytes = Buffer.allocUnsafeSlow(BATCH_BYTES);
    this.words = wordsOf(this.bytes);
    this.clear();
  }
}

const wordsOf = (bytes: Buffer): Int32Array =>
  new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / Int32Array.BYTES_PER_ELEMENT);
