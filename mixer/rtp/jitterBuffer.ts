import { parseRtp, type RtpPacket } from './packet.ts';
import { Unwrapper } from './sequence.ts';

export interface JitterBufferOptions {
  /** How long a missing packet is waited for before it is called lost. */
  maxWaitUs: number;
  /** Pause before a gap is asked for: reordering mends itself. */
  nackDelayUs: number;
  nackIntervalUs: number;
  maxNacks: number;
  /** Packets held at most while something is missing. */
  maxPackets: number;
}

export const videoJitter: JitterBufferOptions = {
  maxWaitUs: 500_000,
  nackDelayUs: 8_000,
  nackIntervalUs: 40_000,
  maxNacks: 10,
  maxPackets: 2048,
};

/**
 * What comes out: packets in order, and losses where they happened. `lost: 0` is a break of unknown
 * length: the stream began anew, and what follows does not refer to what came before.
 */
export type JitterItem = RtpPacket | { lost: number };

interface Missing {
  sinceUs: number;
  nextNackUs: number;
  nacks: number;
}

/** A jump of more than this is a new stream (sender restarted), not a loss. */
const RESET_DISTANCE = 3000;

/** A longer gap is called lost at once. */
const MAX_GAP = 400;

/** Missing packets remembered at most, over all gaps: a sender must not make us ask without end. */
const MAX_MISSING = 1000;

/**
 * Puts the packets of one stream in order, drops duplicates, waits for missing ones and says which to
 * ask for again. A pure state machine: time comes with every call.
 */
export class JitterBuffer {
  readonly #options: JitterBufferOptions;
  #unwrapper = new Unwrapper(16);
  #ssrc: number | undefined;
  /** Next sequence number (unwrapped) to be given out. */
  #next: number | undefined;
  #highest = 0;
  #held = new Map<number, RtpPacket>();
  #missing = new Map<number, Missing>();
  lostPackets = 0;
  receivedPackets = 0;

  constructor(options: JitterBufferOptions) {
    this.#options = options;
  }

  /** Takes one packet; gives what can go on now. */
  push(bytes: Buffer, arrivalUs: number): JitterItem[] {
    const packet = parseRtp(bytes, arrivalUs);
    if (packet === null) return [];
    const begun = this.#ssrc !== undefined;
    if (this.#ssrc !== packet.ssrc) this.#restart(packet.ssrc);
    let sequence = this.#unwrapper.unwrap(packet.sequence);
    if (this.#next !== undefined && Math.abs(sequence - this.#highest) > RESET_DISTANCE) {
      this.#restart(packet.ssrc);
      sequence = this.#unwrapper.unwrap(packet.sequence);
    }
    const anew = begun && this.#next === undefined;
    if (this.#next === undefined) {
      this.#next = sequence;
      this.#highest = sequence - 1;
    }
    if (sequence < this.#next || this.#held.has(sequence)) return [];
    this.receivedPackets++;
    this.#noteGap(sequence, arrivalUs);
    this.#missing.delete(sequence);
    // An empty packet is padding that a sender's bandwidth probe put in: it only fills its number.
    this.#held.set(sequence, packet);
    const items = this.#drain(
      this.#held.size > this.#options.maxPackets ? Number.POSITIVE_INFINITY : arrivalUs,
    );
    return anew ? [{ lost: 0 }, ...items] : items;
  }

  /** Gives up on what is overdue. Call every few milliseconds while `waiting`. */
  poll(nowUs: number): JitterItem[] {
    return this.#missing.size === 0 ? [] : this.#drain(nowUs);
  }

  /** Sequence numbers (16 bit) to ask for now. */
  nacks(nowUs: number): number[] {
    const wanted: number[] = [];
    for (const [sequence, missing] of this.#missing) {
      if (missing.nextNackUs > nowUs || missing.nacks >= this.#options.maxNacks) continue;
      missing.nacks++;
      missing.nextNackUs = nowUs + this.#options.nackIntervalUs;
      wanted.push(sequence & 0xffff);
    }
    return wanted;
  }

  get waiting(): boolean {
    return this.#missing.size > 0;
  }

  #restart(ssrc: number): void {
    this.#ssrc = ssrc;
    this.#unwrapper = new Unwrapper(16);
    this.#next = undefined;
    this.#held.clear();
    this.#missing.clear();
  }

  #noteGap(sequence: number, nowUs: number): void {
    // After an outage nobody has the packets any more: a key frame is quicker.
    const gap = sequence - this.#highest;
    if (gap > MAX_GAP || this.#missing.size + gap > MAX_MISSING) this.#missing.clear();
    else this.#expectUpTo(sequence, nowUs);
    if (sequence > this.#highest) this.#highest = sequence;
  }

  #expectUpTo(sequence: number, nowUs: number): void {
    for (let absent = this.#highest + 1; absent < sequence; absent++) {
      this.#missing.set(absent, { sinceUs: nowUs, nextNackUs: nowUs + this.#options.nackDelayUs, nacks: 0 });
    }
  }

  /** Everything up to the first packet that is still worth waiting for. */
  #drain(nowUs: number): JitterItem[] {
    const items: JitterItem[] = [];
    let lost = 0;
    while (this.#next !== undefined && this.#next <= this.#highest) {
      const packet = this.#held.get(this.#next);
      if (packet === undefined) {
        const missing = this.#missing.get(this.#next);
        if (missing !== undefined && nowUs - missing.sinceUs < this.#options.maxWaitUs) break;
        this.#missing.delete(this.#next);
        lost++;
      } else {
        if (lost > 0) items.push({ lost });
        lost = 0;
        this.#held.delete(this.#next);
        items.push(packet);
      }
      this.#next++;
    }
    if (lost > 0) items.push({ lost });
    for (const item of items) if ('lost' in item) this.lostPackets += item.lost;
    return items;
  }
}
