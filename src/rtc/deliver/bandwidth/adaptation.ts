/**
 * Which pictures one viewer gets, by what its network carries: down as soon as it is too much, up after a
 * probe that did no harm, and ever more seldom where probes do. Nobody else notices any of it.
 */

import { LEAST_SHARE } from '../advice.ts';
import type { Pacer } from '../pacer.ts';
import type { PictureSlots } from '../pictureSlots.ts';
import { Climb } from './climb.ts';
import { Downlink, type Sent, type Trouble } from './downlink.ts';
import { Prober } from './prober.ts';

/** A sound of 64 kbit/s with its headers; not adapted, so it comes first. */
const SOUND_KBPS = 90;
/** Until what is sent now is reported on. */
const SETTLE_US = 700_000;
/** Until a queue that a probe has made is gone, where there is little to spare. */
const DRAIN_US = 5_000_000;
/** Bursts go at so many times the rate that fits. */
const PACE = 2.5;
const MIN_PACE_KBPS = 400;
/** A probe is stopped by a queue this long: no sound is hurt by it yet. */
const PROBE_QUEUE_MS = 40;
/** Once in so long the encoder's rate is asked for instead of the next rung. */
const SHRINK_US = 10_000_000;
/** The smallest picture is given up when there was trouble that often, each so soon after the one before. */
const MAX_STRIKES = 6;
const STRIKE_US = 4_000_000;
/** The smallest picture is tried when it takes at most so many times what seems to be there. */
const LENIENT = 1.5;
/** What seems to fit has filled a queue, which has to become empty; nothing smaller could be sent meanwhile. */
const CAUTION = 0.8;
/** So little is always tried: the first guess at a network is a rough one. */
const TRIED_KBPS = 300;
/** Sums of costs are compared with each other. */
const ROUNDING = 0.001;
/** Two ticks are a second apart, when this thread has time for them. */
const LATE_US = 1_150_000;
/** What was seen of a network holds that long. */
const KNOWN_US = 60_000_000;

export interface AdaptationEvents {
  /** What was sent so far, and what is known of it. */
  sent(): Sent;
  /** What was sent until now is left out of `sent().progress`. */
  forget(): void;
  /** Sends bytes that change nothing; how many, 0 when that cannot be done now. */
  probe(bytes: number, nowUs: number): number;
  ping(): void;
  /** Rate at which bursts are spread; null for any. */
  pace(kbps: number | null): void;
  /** Whether the encoder of what it is sent can be slowed down for it, and will be unless `rateKept` follows. */
  shrink(kbps: number): boolean;
}

export class Adaptation {
  readonly downlink: Downlink;
  readonly #slots: PictureSlots;
  readonly #events: AdaptationEvents;
  readonly #climb: Climb;
  readonly #prober: Prober;
  /** Seen when it was too much, raised by what went well; null while nothing was ever too much. */
  #knownKbps: number | null = null;
  #knownUs = 0;
  #budgetKbps = Number.POSITIVE_INFINITY;
  #shrunkUs = -Infinity;
  /** An encoder is slowed down for it: what it could be sent in full is not known. */
  #shrunk = false;
  /** What pictures may take after a probe, and for how much of that it is to find room. */
  #goalKbps = 0;
  #roomKbps = 0;
  /** Times of trouble that followed upon one another. */
  #strikes = 0;
  #troubledUs = -Infinity;
  #sounds = 0;
  #tickedUs: number;
  /** What it was sent in the last second without trouble. */
  #takenKbps = 0;

  constructor(slots: PictureSlots, pacer: Pacer, nowUs: number, events: AdaptationEvents) {
    this.#slots = slots;
    this.#events = events;
    this.#climb = new Climb(nowUs);
    this.#tickedUs = nowUs;
    this.downlink = new Downlink(
      () => events.sent(),
      () => events.forget(),
      nowUs,
    );
    this.#prober = new Prober(pacer, {
      send: (bytes, us) => events.probe(bytes, us),
      ping: () => events.ping(),
      passed: (us) => this.#passed(us),
      failed: (us) => this.#failed(us),
    });
  }

  /** What the downlink is believed to carry, kbit/s; null while nothing is known. */
  get estimateKbps(): number | null {
    const remb = this.downlink.remb.kbps;
    return this.#knownKbps ?? (remb === null ? null : Math.max(remb, this.#takenKbps));
  }

  /**
   * What is left for pictures, when it is known to be little or seen to be much; null when neither.
   */
  roomKbps(nowUs: number): number | null {
    const known = this.#isKnown(nowUs) ? this.#knownKbps : null;
    const remb = this.downlink.remb.kbps;
    const seen = remb !== null && remb > this.downlink.sentKbps(nowUs) * 1.2 ? remb : null;
    const kbps = known ?? seen;
    return kbps === null ? null : Math.max(0, kbps - this.#soundKbps);
  }

  /** The first picture leaves: what was before says nothing. */
  begin(nowUs: number): void {
    this.#tickedUs = nowUs;
    this.downlink.ignore(nowUs, 0);
  }

  /** How many sounds it is sent. */
  set sounds(count: number) {
    this.#sounds = count;
  }

  /** To be called after each feedback: acts on what it says. */
  react(nowUs: number): void {
    const trouble = this.downlink.trouble(nowUs);
    if (trouble === undefined) return;
    if (this.#prober.isRunning) {
      this.#failed(nowUs);
      return;
    }
    this.#climb.troubled(nowUs);
    this.#descend(trouble, nowUs);
  }

  /** A connectivity check was answered. */
  answered(rttMs: number, nowUs: number): void {
    const { roundTrip } = this.downlink;
    roundTrip.push(rttMs, nowUs);
    if (!this.#prober.isRunning) return;
    this.#prober.answered();
    if (roundTrip.queueMs > PROBE_QUEUE_MS) this.#failed(nowUs);
  }

  /** No encoder is slowed down for it after all. */
  rateKept(nowUs: number): void {
    const { downlink } = this;
    if (!this.#shrunk || this.#knownKbps === null) return;
    this.#shrunk = false;
    this.#giveUp(this.#knownKbps, false, nowUs);
    downlink.ignore(nowUs, SETTLE_US);
  }

  /** To be called about once a second: looks whether there is room for more. */
  tick(nowUs: number): void {
    // Whoever is late himself measures himself.
    if (nowUs - this.#tickedUs > LATE_US) this.downlink.ignore(nowUs, SETTLE_US);
    this.#tickedUs = nowUs;
    this.#takenKbps = this.downlink.sentKbps(nowUs);
    this.#pace();
    if (!this.#isKnown(nowUs)) this.#forgetLimit(nowUs);
    const extraKbps = this.#extraKbps;
    if (extraKbps === undefined || this.#prober.isRunning || !this.#climb.isReady(nowUs)) return;
    this.#goalKbps = this.#slots.costKbps + (this.#shrunk ? 0 : (this.#slots.nextKbps ?? 0));
    this.#roomKbps = Math.min(this.#goalKbps, this.#slots.costKbps + extraKbps);
    this.#prober.start(extraKbps, this.downlink.roundTrip.ms ?? 0, nowUs);
  }

  close(): void {
    this.#prober.stop();
  }

  /**
   * What there should be room for beside what it is sent now; undefined when it has the best there is. Where
   * an encoder runs slower for its sake that is the encoder's own rate, else the next better rung.
   */
  get #extraKbps(): number | undefined {
    const { costKbps, nextKbps } = this.#slots;
    // Who is sent no picture needs room for the slowest that its encoder can be.
    if (!this.#shrunk && nextKbps !== undefined && costKbps === 0) return nextKbps * LEAST_SHARE;
    if (!this.#shrunk) return nextKbps;
    return Math.max(0, costKbps + this.#soundKbps - (this.#knownKbps ?? 0));
  }

  #isKnown(nowUs: number): boolean {
    return this.#knownKbps !== null && nowUs - this.#knownUs < KNOWN_US;
  }

  /** Long ago it was too much: whoever has the best now will be sent whatever they ask for. */
  #forgetLimit(nowUs: number): void {
    this.#shrunk = false;
    // Who is sent no picture because they want none has learned nothing new.
    const hasBest = this.#slots.nextKbps === undefined && this.#slots.costKbps > 0;
    if (hasBest) this.#allow(Number.POSITIVE_INFINITY, nowUs, false);
  }

  get #soundKbps(): number {
    return this.#sounds * SOUND_KBPS;
  }

  #descend({ kbps: seenKbps, severe }: Trouble, nowUs: number): void {
    const kbps = this.#isLeast ? seenKbps * CAUTION : seenKbps;
    if (nowUs - this.#troubledUs > STRIKE_US) this.#strikes = 0;
    this.#strikes += severe ? 2 : 1;
    this.#troubledUs = nowUs;
    this.#know(kbps, nowUs);
    this.downlink.ignore(nowUs, SETTLE_US, this.#isLeast ? SETTLE_US : DRAIN_US / 2);
    const leftKbps = kbps - this.#soundKbps;
    if (this.#slots.costKbps === 0) return;
    // Below the smallest picture there is none: its encoder is asked even then.
    const isAsked = this.#isLeast || !severe;
    if (!isAsked || !this.#shrinks(leftKbps, nowUs)) this.#giveUp(kbps, severe, nowUs);
    else if (this.#isLeast) this.downlink.ignore(nowUs, 2 * SETTLE_US, DRAIN_US / 2);
  }

  get #isLeast(): boolean {
    return this.#slots.costKbps <= this.#slots.leastKbps * 1.01;
  }

  #giveUp(kbps: number, severe: boolean, nowUs: number): void {
    const { costKbps, leastKbps } = this.#slots;
    const leftKbps = kbps - this.#soundKbps;
    if (!this.#isLeast) {
      this.#shrunk = false;
      // One step beyond what seems to fit is not taken: the least picture is worth a try.
      const enoughKbps = leastKbps < Math.max(TRIED_KBPS, kbps * LENIENT) ? leastKbps : 0;
      this.#allow(Math.max(Math.min(leftKbps, costKbps * 0.95), enoughKbps), nowUs, severe);
    } else if (this.#strikes >= MAX_STRIKES) {
      this.#shrunk = false;
      this.#allow(0, nowUs, severe);
    }
  }

  #shrinks(leftKbps: number, nowUs: number): boolean {
    if (nowUs - this.#shrunkUs < SHRINK_US || !this.#events.shrink(leftKbps)) return false;
    this.#shrunkUs = nowUs;
    this.#shrunk = true;
    return true;
  }

  #failed(nowUs: number): void {
    this.#prober.stop();
    this.#climb.failed(nowUs);
    this.downlink.ignore(nowUs, SETTLE_US, DRAIN_US);
  }

  #passed(nowUs: number): void {
    if (this.#shrunk) this.#climb.restored(nowUs);
    else this.#climb.climbed(nowUs);
    this.#shrunk = false;
    this.#strikes = 0;
    this.#know(this.#roomKbps + this.#soundKbps, nowUs);
    this.downlink.ignore(nowUs, SETTLE_US / 2);
    this.#allow(this.#goalKbps, nowUs, false);
  }

  #know(kbps: number, nowUs: number): void {
    this.#knownKbps = kbps;
    this.#knownUs = nowUs;
    this.#pace();
  }

  /** Never slower than what is sent now, which may have become more since: it would only fall behind. */
  #pace(): void {
    if (this.#knownKbps === null) return;
    const kbps = Math.max(this.#knownKbps, this.#slots.costKbps);
    this.#events.pace(Math.max(MIN_PACE_KBPS, kbps * PACE));
  }

  #allow(kbps: number, nowUs: number, abandon: boolean): void {
    if (kbps === this.#budgetKbps) return;
    this.#budgetKbps = kbps;
    this.#slots.allow(kbps + ROUNDING, nowUs, abandon);
  }
}
