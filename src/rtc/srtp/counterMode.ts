import { createCipheriv, createSecretKey } from 'node:crypto';
import { BATCH_BYTES, type PacketBatch } from './batch.ts';

const BLOCK = 16;
const BLOCK_WORDS = 4;

/** What packets have around them in a batch is more than rounding up to a block can add. */
const counters = Buffer.allocUnsafeSlow(BATCH_BYTES);
const counterWords = wordsOf(counters);

/**
 * AES in counter mode (RFC 3711 4.1.1) over many packets at once. Setting up a cipher costs more than
 * running it, so the counters of all packets go through one lasting AES-ECB context in one call, and
 * what comes out is their key stream.
 */
export class CounterMode {
  readonly #blocks;
  readonly #salt: Buffer;
  readonly #iv = Buffer.alloc(BLOCK);
  readonly #ivWords = wordsOf(this.#iv);

  constructor(key: Buffer, salt: Buffer) {
    this.#blocks = createCipheriv('aes-128-ecb', createSecretKey(key), null).setAutoPadding(false);
    this.#salt = salt;
  }

  /** Encrypts what stands behind the header of each packet, in place; up to 3 bytes behind its end change. */
  encrypt(batch: PacketBatch): void {
    let words = 0;
    for (let i = 0; i < batch.count; i++) words = this.#count(batch, i, words);
    const stream = wordsOf(this.#blocks.update(counters.subarray(0, words * Int32Array.BYTES_PER_ELEMENT)));
    let at = 0;
    for (let i = 0; i < batch.count; i++) {
      const blocks = blocksOf(batch, i);
      combine(batch, i, stream, at);
      at += blocks * BLOCK_WORDS;
    }
  }

  /** Writes the counters of packet `i` from word `at` on; returns where the next one's begin. */
  #count(batch: PacketBatch, i: number, at: number): number {
    const blocks = blocksOf(batch, i);
    this.#begin(batch.bytes, batch.starts[i]!, batch.rollovers[i]!);
    const iv = this.#ivWords;
    const a = iv[0]!;
    const b = iv[1]!;
    const c = iv[2]!;
    const d = iv[3]!;
    for (let block = 0, word = at; block < blocks; block++, word += BLOCK_WORDS) {
      counterWords[word] = a;
      counterWords[word + 1] = b;
      counterWords[word + 2] = c;
      counterWords[word + 3] = d;
      // A packet has fewer than 256 blocks: the last byte is all that counts.
      counters[(word + 3) * Int32Array.BYTES_PER_ELEMENT + 3] = block;
    }
    return at + blocks * BLOCK_WORDS;
  }

  /** RFC 3711 4.1.1: salt·2¹⁶ xor SSRC·2⁶⁴ xor index·2¹⁶. */
  #begin(bytes: Buffer, start: number, rollover: number): void {
    const iv = this.#iv;
    const salt = this.#salt;
    for (let j = 0; j < 4; j++) iv[j] = salt[j]!;
    for (let j = 4; j < 8; j++) iv[j] = salt[j]! ^ bytes[start + 4 + j]!;
    iv[8] = salt[8]! ^ (rollover >>> 24);
    iv[9] = salt[9]! ^ (rollover >>> 16);
    iv[10] = salt[10]! ^ (rollover >>> 8);
    iv[11] = salt[11]! ^ rollover;
    iv[12] = salt[12]! ^ bytes[start + 2]!;
    iv[13] = salt[13]! ^ bytes[start + 3]!;
  }
}

function blocksOf(batch: PacketBatch, i: number): number {
  return (batch.lengths[i]! - batch.headers[i]! + BLOCK - 1) >> 4;
}

/** Payloads begin at whole words, for RTP headers consist of such. */
function combine(batch: PacketBatch, i: number, stream: Int32Array, from: number): void {
  const words = batch.words;
  const first = (batch.starts[i]! + batch.headers[i]!) >> 2;
  const count = (batch.lengths[i]! - batch.headers[i]! + 3) >> 2;
  for (let j = 0; j < count; j++) words[first + j] = words[first + j]! ^ stream[from + j]!;
}

function wordsOf(bytes: Buffer): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / Int32Array.BYTES_PER_ELEMENT);
}
