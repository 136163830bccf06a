import { hash } from 'node:crypto';
import { HEADROOM, type PacketBatch } from './batch.ts';

const BLOCK = 64;
const DIGEST = 20;
const ALGORITHM = 'sha1';
/** A string of 20 characters costs less than a buffer of 20 bytes. */
const LATIN1 = 'binary';

/**
 * HMAC-SHA1 (RFC 2104) of a session key over packets where they lie: the inner key is put before the
 * packet, into its headroom, and each of both hashes is one call.
 */
export class HmacSha1 {
  readonly #inner = Buffer.alloc(BLOCK, 0x36);
  readonly #innerWords: Int32Array;
  readonly #outer = Buffer.alloc(BLOCK + DIGEST, 0x5c);

  /** @param key at most 64 bytes */
  constructor(key: Buffer) {
    for (let i = 0; i < key.length; i++) {
      this.#inner[i] = this.#inner[i]! ^ key[i]!;
      this.#outer[i] = this.#outer[i]! ^ key[i]!;
    }
    this.#innerWords = new Int32Array(this.#inner.buffer, this.#inner.byteOffset, BLOCK / 4);
  }

  /** The digest over `length` bytes of a packet of the batch, one character per byte. */
  digest(batch: PacketBatch, start: number, length: number): string {
    const { bytes, words } = batch;
    const inner = this.#innerWords;
    const first = (start - HEADROOM) >> 2;
    for (let i = 0; i < BLOCK / 4; i++) words[first + i] = inner[i]!;
    const covered = new Uint8Array(bytes.buffer, bytes.byteOffset + start - HEADROOM, HEADROOM + length);
    this.#outer.write(hash(ALGORITHM, covered, LATIN1), BLOCK, LATIN1);
    return hash(ALGORITHM, this.#outer, LATIN1);
  }
}
