/** Packets in a row that a new SSRC must send before it replaces the one in use. */
const NEEDED = 3;
const MAX_RETIRED = 8;

export interface Arrival {
  packet: Buffer;
  arrivalUs: number;
}

/**
 * Which SSRC a section is heard on. A sender may begin anew with another one (RFC 3550 8.2); a stray
 * packet must not change it, and the first packets of the new one are not lost.
 */
export class SsrcLatch {
  #active: number | undefined;
  #challenger: number | undefined;
  #held: Arrival[] = [];
  #retired: number[] = [];

  get active(): number | undefined {
    return this.#active;
  }

  /** Calls `deliver` with this packet, with those held back before it, or not at all. */
  push(ssrc: number, arrival: Arrival, deliver: (arrival: Arrival) => void): void {
    if (ssrc === this.#active || this.#active === undefined) {
      this.#active = ssrc;
      if (this.#held.length > 0) this.#held = [];
      deliver(arrival);
      return;
    }
    if (this.#retired.includes(ssrc)) return;
    if (ssrc !== this.#challenger) {
      this.#challenger = ssrc;
      this.#held = [];
    }
    this.#held.push(arrival);
    if (this.#held.length < NEEDED) return;
    const held = this.#held;
    this.#retire(this.#active);
    this.#active = ssrc;
    this.#held = [];
    for (const each of held) deliver(each);
  }

  /** The sender of `ssrc` said goodbye: whatever comes next is taken at once. */
  release(ssrc: number): void {
    if (ssrc === this.#active) this.#active = undefined;
  }

  #retire(ssrc: number): void {
    this.#retired.push(ssrc);
    if (this.#retired.length > MAX_RETIRED) this.#retired.shift();
  }
}
