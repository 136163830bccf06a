import { TokenBucket } from '../tokenBucket.ts';

const SLOTS = 2048;
/** IP, UDP, SRTP tag and RTX: small packets cost, too. */
const HEADERS_BYTES = 60;
const MAX_RESENDS = 4;
const MIN_INTERVAL_MS = 15;
/** Bytes per second and at once: repairs must not become the larger stream. */
const BYTES_PER_SECOND = 256 * 1024;
const BURST_BYTES = 192 * 1024;

/** Decides which of the packets a viewer asks for again it gets: each a few times, all at a bounded rate. */
export class RetransmissionBudget {
  readonly #bytes = new TokenBucket(BYTES_PER_SECOND, BURST_BYTES);
  readonly #sequences = new Int32Array(SLOTS).fill(-1);
  readonly #counts = new Uint8Array(SLOTS);
  readonly #times = new Float64Array(SLOTS);

  /** @param length bytes of the packet @param rttMs round trip, null while unknown */
  allow(sequence: number, length: number, rttMs: number | null, nowUs: number): boolean {
    const slot = sequence % SLOTS;
    if (this.#sequences[slot] !== sequence) {
      this.#sequences[slot] = sequence;
      this.#counts[slot] = 0;
      this.#times[slot] = -Infinity;
    }
    const intervalUs = Math.min(500, Math.max(MIN_INTERVAL_MS, rttMs ?? 0)) * 1000;
    if (this.#counts[slot]! >= MAX_RESENDS || nowUs - this.#times[slot]! < intervalUs) return false;
    if (!this.#bytes.take(nowUs, length + HEADERS_BYTES)) return false;
    this.#counts[slot] = this.#counts[slot]! + 1;
    this.#times[slot] = nowUs;
    return true;
  }
}
