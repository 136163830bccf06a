/**
 * What a viewer's feedback says about its downlink. Nothing here acts; whoever asks is told when it is too
 * much, and how much it seems to carry.
 *
 * - Lost packets are known within a round trip (NACK), and once a second (reports).
 * - A queue without loss shows in round trips and in the viewer's own estimate (REMB).
 * - Loss of a few per cent at random is no reason: retransmission repairs it.
 */

import { isCongested } from './loss.ts';
import { Remb } from './remb.ts';
import { RoundTrip } from './roundTrip.ts';
import { SentMeter } from './sentMeter.ts';

const SHORT_US = 500_000;
const LONG_US = 2_000_000;
/** More than that lost: what is sent now helps nobody. */
const SEVERE = 0.3;
/** Of what arrived; the rest drains the queue. */
const SHARE = 0.85;
const SEVERE_SHARE = 0.7;
/** A silence longer than this was no network: what was lost in it says nothing about its rate. */
const SILENT_US = 2_500_000;

export interface Trouble {
  /** What the downlink seems to carry, everything included. */
  kbps: number;
  severe: boolean;
}

export class Downlink {
  readonly roundTrip = new RoundTrip();
  readonly remb = new Remb();
  readonly #sent = new SentMeter();
  /** Reports before are of something else. */
  #deafUntilUs: number;
  #heardUs: number;
  #reported: Trouble | undefined;
  #rembFell = false;

  constructor(nowUs: number) {
    this.#deafUntilUs = nowUs;
    this.#heardUs = nowUs;
  }

  /** Rate of what was sent in the last second, kbit/s. */
  sentKbps(nowUs: number): number {
    return this.#sent.over(1_000_000, nowUs).kbps;
  }

  /**
   * Something came from the viewer; called before the rest.
   *
   * @param packets sent so far, @param bytes with all headers
   */
  heard(packets: number, bytes: number, nowUs: number): void {
    if (nowUs - this.#heardUs > SILENT_US) this.ignore(nowUs, SILENT_US / 2);
    this.#heardUs = nowUs;
    this.#sent.sample(nowUs, packets, bytes, 0);
  }

  /** @param lost packets that are missed for the first time */
  nacked(lost: number, packets: number, bytes: number, nowUs: number): void {
    this.#sent.sample(nowUs, packets, bytes, lost);
  }

  estimated(bps: number, nowUs: number): void {
    if (this.remb.push(bps, this.sentKbps(nowUs), nowUs)) this.#rembFell = true;
  }

  /** @param packets the report is about, @param fraction of them that was lost, 0..1 */
  reported(packets: number, fraction: number, nowUs: number): void {
    if (nowUs < this.#deafUntilUs || !isCongested(packets, packets * fraction)) return;
    this.#reported = this.#lossy(fraction, this.sentKbps(nowUs));
  }

  /** From now on for `us` nothing counts: it is about what was sent before. */
  ignore(nowUs: number, us: number): void {
    this.#deafUntilUs = nowUs + us;
    this.#sent.restart(nowUs);
    this.#reported = undefined;
    this.#rembFell = false;
  }

  /** What is wrong now, undefined when nothing is. */
  trouble(nowUs: number): Trouble | undefined {
    const reported = this.#reported;
    const rembFell = this.#rembFell;
    this.#reported = undefined;
    this.#rembFell = false;
    if (nowUs < this.#deafUntilUs) {
      this.#sent.restart(nowUs);
      return undefined;
    }
    return this.#lost(nowUs) ?? reported ?? this.#queued(rembFell, nowUs);
  }

  #lost(nowUs: number): Trouble | undefined {
    for (const spanUs of [SHORT_US, LONG_US]) {
      const { packets, lost, kbps } = this.#sent.over(spanUs, nowUs);
      if (isCongested(packets, lost)) return this.#lossy(Math.min(1, lost / packets), kbps);
    }
    return undefined;
  }

  #lossy(fraction: number, sentKbps: number): Trouble {
    const severe = fraction > SEVERE;
    const arrivedKbps = sentKbps * (1 - fraction) * (severe ? SEVERE_SHARE : SHARE);
    return { kbps: this.#rembBelow(sentKbps, arrivedKbps), severe };
  }

  /** A fall of the viewer's estimate counts with a second witness; so does a queue that stays. */
  #queued(rembFell: boolean, nowUs: number): Trouble | undefined {
    const { packets, lost, kbps } = this.#sent.over(LONG_US, nowUs);
    const lossy = packets > 0 && lost / packets > 0.02;
    const { queueMs, isQueued } = this.roundTrip;
    if (!(isQueued || (rembFell && (lossy || queueMs > 40)))) return undefined;
    return { kbps: this.#rembBelow(kbps, kbps * SHARE), severe: queueMs > 500 };
  }

  /** The viewer's estimate where it is an estimate: below what was sent. */
  #rembBelow(sentKbps: number, kbps: number): number {
    const remb = this.remb.kbps;
    return remb === null || remb >= sentKbps ? kbps : Math.min(kbps, remb);
  }
}
