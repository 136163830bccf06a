/**
 * What a viewer's feedback says about its downlink. Nothing here acts; whoever asks is told when it is too
 * much, and how much it seems to carry.
 *
 * - Lost packets are known within a round trip (NACK), and once a second (reports).
 * - A queue without loss shows in round trips; the viewer's own estimate (REMB) is a second witness.
 * - Loss of a few per cent at random is no reason: retransmission repairs it.
 */

import { isCongested } from './loss.ts';
import { Remb } from './remb.ts';
import { RoundTrip } from './roundTrip.ts';
import { type Progress, SentMeter } from './sentMeter.ts';

const SHORT_US = 500_000;
const LONG_US = 2_000_000;
const SEEN_QUEUE_MS = 30;
/** Longer than an answer takes when a processor is busy. */
const GROWING_QUEUE_MS = 120;
/** More than that lost: what is sent now helps nobody. */
const SEVERE = 0.3;
/** Of what arrived; the rest drains the queue. */
const SHARE = 0.85;
/** A silence longer than this was no network: what was lost in it says nothing about its rate. */
const SILENT_US = 2_500_000;
const AFTER_SILENCE_US = 1_000_000;

export interface Trouble {
  /** What the downlink seems to carry, everything included. */
  kbps: number;
  severe: boolean;
}

/** What was sent to the viewer so far, and what it has told of it. */
export interface Sent {
  progress: Progress;
  /** With all headers, repairs included. */
  bytes: number;
}

export class Downlink {
  readonly roundTrip = new RoundTrip();
  readonly remb = new Remb();
  readonly #sent: () => Sent;
  /** Leaves out of `progress` what was sent until now. */
  readonly #forget: () => void;
  readonly #meter: SentMeter;
  /** Until then nothing counts. */
  #deafUntilUs: number;
  #queueFromUs = 0;
  #heardUs: number;
  #reported: number | undefined;
  #rembFell = false;

  constructor(sent: () => Sent, forget: () => void, nowUs: number) {
    this.#sent = sent;
    this.#forget = forget;
    this.#meter = new SentMeter(nowUs);
    this.#deafUntilUs = nowUs;
    this.#heardUs = nowUs;
  }

  /** Rate of what was sent in the last second, kbit/s. */
  sentKbps(nowUs: number): number {
    return this.#meter.over(1_000_000, nowUs).kbps;
  }

  /** Something came from the viewer; called before the rest. */
  heard(nowUs: number): void {
    if (nowUs - this.#heardUs > SILENT_US) this.ignore(nowUs, AFTER_SILENCE_US);
    this.#heardUs = nowUs;
    this.#sample(nowUs);
  }

  estimated(bps: number, nowUs: number): void {
    if (this.remb.push(bps, this.sentKbps(nowUs))) this.#rembFell = true;
  }

  /**
   * @param packets the report is about, all sent after `sinceUs`
   * @param fraction of them that was lost, 0..1
   */
  reported(packets: number, fraction: number, sinceUs: number): void {
    if (sinceUs < this.#deafUntilUs || !isCongested(packets, packets * fraction, this.#hasQueue)) return;
    this.#reported = fraction;
  }

  /**
   * From now on for `us` nothing counts: it is about what was sent before.
   *
   * @param queueUs as long no queue counts: it takes its time to go
   */
  ignore(nowUs: number, us: number, queueUs = us): void {
    this.#deafUntilUs = nowUs + us;
    this.#queueFromUs = nowUs + queueUs;
    this.#restart(nowUs);
  }

  /** What is wrong now, undefined when nothing is. */
  trouble(nowUs: number): Trouble | undefined {
    if (nowUs < this.#deafUntilUs) {
      this.#restart(nowUs);
      return undefined;
    }
    this.#sample(nowUs);
    const fraction = this.#reported;
    const rembFell = this.#rembFell;
    this.#reported = undefined;
    this.#rembFell = false;
    if (fraction !== undefined) return this.#lossy(fraction, this.sentKbps(nowUs));
    return this.#lost(nowUs) ?? this.#queued(rembFell, nowUs);
  }

  /** A queue is to be seen, or nobody has looked. */
  get #hasQueue(): boolean {
    return this.roundTrip.ms === null || this.roundTrip.queueMs > SEEN_QUEUE_MS;
  }

  #lost(nowUs: number): Trouble | undefined {
    for (const spanUs of [SHORT_US, LONG_US]) {
      const { packets, lost, kbps } = this.#meter.over(spanUs, nowUs);
      if (isCongested(packets, lost, this.#hasQueue)) return this.#lossy(Math.min(1, lost / packets), kbps);
    }
    return undefined;
  }

  #lossy(fraction: number, sentKbps: number): Trouble {
    return { kbps: sentKbps * (1 - fraction) * SHARE, severe: fraction > SEVERE };
  }

  /**
   * A queue that stays counts, unless the viewer says that it takes more than it gets: then somebody was
   * slow, not the network. A short one counts when the viewer saw it grow.
   */
  #queued(rembFell: boolean, nowUs: number): Trouble | undefined {
    if (nowUs < this.#queueFromUs) return undefined;
    const { kbps } = this.#meter.over(LONG_US, nowUs);
    const { queueMs, isQueued } = this.roundTrip;
    const remb = this.remb.kbps;
    const stays = isQueued && (remb === null || remb < kbps * 1.05);
    const grows = rembFell && queueMs > GROWING_QUEUE_MS;
    if (!stays && !grows) return undefined;
    // What is sent again and again does not come through.
    return { kbps: Math.min(kbps, remb ?? kbps) * SHARE, severe: queueMs > 500 };
  }

  #sample(nowUs: number): void {
    const { progress, bytes } = this.#sent();
    this.#meter.sample(nowUs, progress, bytes);
  }

  #restart(nowUs: number): void {
    this.#forget();
    this.#sample(nowUs);
    this.#meter.restart(nowUs);
    this.#reported = undefined;
    this.#rembFell = false;
  }
}
