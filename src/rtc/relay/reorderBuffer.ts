import { SequenceUnwrapper } from '../sequence.ts';

/** Pause before a gap is asked for: reordering mends itself. */
const ASK_AFTER_US = 5_000;
/** Least time between two requests for the same packet. */
const ASK_AGAIN_US = 20_000;
const MAX_ASKS = 5;
/** A longer gap is an outage: nobody has those packets any more, and a key frame is quicker. */
const MAX_GAP = 256;
const MAX_HELD = 512;
const MAX_MISSING = 512;

export interface InOrder<T> {
  item: T;
  /** Its sequence number without wraps. */
  value: number;
  /** Numbers right before it that never came. */
  lost: number;
}

interface Missing {
  sinceUs: number;
  askUs: number;
  asks: number;
}

/**
 * Puts one stream's packets in order: duplicates go, a missing one is waited for and asked for again, and
 * after a bounded time what is there goes on with the gap. Time comes with every call; the longest jump
 * that makes sense is the caller's to check.
 */
export class ReorderBuffer<T> {
  /** How long a missing packet is waited for. */
  waitUs: number;
  readonly #sequence = new SequenceUnwrapper();
  readonly #held = new Map<number, T>();
  readonly #missing = new Map<number, Missing>();
  /** Next number to be given out; −1 before the first. */
  #next = -1;

  constructor(waitUs: number) {
    this.waitUs = waitUs;
  }

  /** True while something is missing that is still worth waiting for: `poll` and `asks` are due. */
  get waiting(): boolean {
    return this.#missing.size > 0;
  }

  /** How far a number is from the highest one so far; 0 before the first. */
  distance(sequence: number): number {
    return this.#next < 0 ? 0 : this.#sequence.peek(sequence) - this.#sequence.highest;
  }

  /** Takes one packet; returns what can go on now. */
  push(sequence: number, item: T, nowUs: number): InOrder<T>[] {
    const before = this.#sequence.highest;
    const value = this.#sequence.unwrap(sequence);
    if (this.#next < 0) this.#next = value;
    if (value < this.#next || this.#held.has(value)) return [];
    if (value === this.#next && this.#held.size === 0 && this.#missing.size === 0) {
      this.#next++;
      return [{ item, value, lost: 0 }];
    }
    this.#missing.delete(value);
    this.#noteGap(before, value, nowUs);
    this.#held.set(value, item);
    return this.#drain(nowUs);
  }

  /** What goes on because it has been waited for long enough. */
  poll(nowUs: number): InOrder<T>[] {
    return this.#drain(nowUs);
  }

  /** Sequence numbers to ask for now. */
  asks(nowUs: number, rttUs: number): number[] {
    const wanted: number[] = [];
    for (const [value, missing] of this.#missing) {
      if (missing.askUs > nowUs || missing.asks >= MAX_ASKS) continue;
      missing.asks++;
      missing.askUs = nowUs + Math.max(ASK_AGAIN_US, rttUs);
      wanted.push(value & 0xffff);
    }
    return wanted;
  }

  #noteGap(before: number, value: number, nowUs: number): void {
    const gap = value - before - 1;
    if (gap <= 0) return;
    if (gap > MAX_GAP || this.#missing.size + gap > MAX_MISSING) {
      this.#missing.clear();
      return;
    }
    for (let absent = before + 1; absent < value; absent++) {
      this.#missing.set(absent, { sinceUs: nowUs, askUs: nowUs + ASK_AFTER_US, asks: 0 });
    }
  }

  #drain(nowUs: number): InOrder<T>[] {
    const out: InOrder<T>[] = [];
    const patient = this.#held.size <= MAX_HELD;
    let lost = 0;
    while (this.#held.size > 0) {
      const item = this.#held.get(this.#next);
      if (item !== undefined) {
        this.#held.delete(this.#next);
        out.push({ item, value: this.#next, lost });
        lost = 0;
      } else {
        const missing = this.#missing.get(this.#next);
        if (patient && missing && nowUs - missing.sinceUs < this.waitUs) break;
        this.#missing.delete(this.#next);
        lost++;
      }
      this.#next++;
    }
    return out;
  }
}
