import { TokenBucket } from '../tokenBucket.ts';

const SLOTS = 2048;
const MAX_RESENDS = 4;
const MIN_INTERVAL_MS = 15;
/** Packets per second and at once that a viewer may ask for: at 2 Mbit/s, everything twice. */
const REQUESTS: [perSecond: number, burst: number] = [500, 400];

/** Decides which of the packets a viewer asks for again it gets: each a few times, all at a bounded rate. */
export class RetransmissionBudget {
  readonly #requests = new TokenBucket(...REQUESTS);
  readonly #sequences = new Int32Array(SLOTS).fill(-1);
  readonly #counts = new Uint8Array(SLOTS);
  readonly #times = new Float64Array(SLOTS);

  /** @param rttMs round trip, null while unknown */
  allow(sequence: number, rttMs: number | null, nowUs: number): boolean {
    this.isFirst(sequence);
    const slot = sequence % SLOTS;
    const intervalUs = Math.min(500, Math.max(MIN_INTERVAL_MS, rttMs ?? 0)) * 1000;
    if (this.#counts[slot]! >= MAX_RESENDS || nowUs - this.#times[slot]! < intervalUs) return false;
    if (!this.#requests.take(nowUs)) return false;
    this.#counts[slot] = this.#counts[slot]! + 1;
    this.#times[slot] = nowUs;
    return true;
  }

  /** Whether it was never asked for before; from now on it was. */
  isFirst(sequence: number): boolean {
    const slot = sequence % SLOTS;
    if (this.#sequences[slot] === sequence) return false;
    this.#sequences[slot] = sequence;
    this.#counts[slot] = 0;
    this.#times[slot] = -Infinity;
    return true;
  }
}
