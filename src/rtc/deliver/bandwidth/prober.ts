import type { Paced, Pacer } from '../pacer.ts';

/** Ever more at first, so that a queue is noticed while it is short. */
const RISE_US = 1_400_000;
const FULL_US = 600_000;
/** What comes back of the last packets is waited for. */
const LISTEN_US = 400_000;
/** How often the round trip is asked for meanwhile. */
const PING_US = 20_000;
/** Checks that may be without an answer, beside those that are on their way: some, and of each hundred. */
const UNANSWERED = 8;
const UNANSWERED_SHARE = 0.15;
/** Of what was to be sent; with less there was no experiment. */
const ENOUGH = 0.6;

export interface ProbeEvents {
  /** Sends about so many bytes that change nothing for the viewer; returns how many. */
  send(bytes: number, nowUs: number): number;
  /** Asks the viewer's side for an answer now, so that a queue shows in its round trip. */
  ping(): void;
  /** It ran to its end and nobody complained. */
  passed(nowUs: number): void;
  /** Too much of it was not answered. */
  failed(nowUs: number): void;
}

/** Sends more than is needed for a second or two, to learn whether there is room for it. */
export class Prober implements Paced {
  readonly #pacer: Pacer;
  readonly #events: ProbeEvents;
  #kbps = 0;
  #startedUs = 0;
  #sentUs = 0;
  #pingedUs = 0;
  #running = false;
  #unanswered = 0;
  #pings = 0;
  #onTheWay = 0;
  #dueBytes = 0;
  #sentBytes = 0;

  constructor(pacer: Pacer, events: ProbeEvents) {
    this.#pacer = pacer;
    this.#events = events;
  }

  get isRunning(): boolean {
    return this.#running;
  }

  /** @param kbps sent beside everything else @param rttMs the usual round trip */
  start(kbps: number, rttMs: number, nowUs: number): void {
    if (this.#running) return;
    this.#running = true;
    this.#kbps = kbps;
    this.#startedUs = nowUs;
    this.#sentUs = nowUs;
    this.#pingedUs = -Infinity;
    this.#unanswered = 0;
    this.#pings = 0;
    this.#dueBytes = 0;
    this.#sentBytes = 0;
    this.#onTheWay = Math.ceil((rttMs * 1000) / PING_US);
    this.#pacer.add(this);
  }

  /** A check of its was answered. */
  answered(): void {
    this.#unanswered = Math.max(0, this.#unanswered - 1);
  }

  stop(): void {
    this.#running = false;
    this.#pacer.delete(this);
  }

  tick(nowUs: number): boolean {
    if (!this.#running) return false;
    const elapsedUs = nowUs - this.#startedUs;
    if (elapsedUs >= RISE_US + FULL_US + LISTEN_US) {
      this.#running = false;
      // What could not be sent has found out nothing.
      if (this.#sentBytes >= this.#dueBytes * ENOUGH) this.#events.passed(nowUs);
      return false;
    }
    if (this.#unanswered > UNANSWERED + this.#onTheWay + this.#pings * UNANSWERED_SHARE) {
      this.#running = false;
      this.#events.failed(nowUs);
      return false;
    }
    if (nowUs - this.#pingedUs >= PING_US) this.#ping(nowUs);
    if (elapsedUs < RISE_US + FULL_US) this.#send(Math.min(1, elapsedUs / RISE_US), nowUs);
    return true;
  }

  #ping(nowUs: number): void {
    this.#pingedUs = nowUs;
    this.#unanswered++;
    this.#pings++;
    this.#events.ping();
  }

  /** A late tick does not make up for more than a moment: a burst would be another experiment. */
  #send(share: number, nowUs: number): void {
    const stepUs = Math.min(50_000, nowUs - this.#sentUs);
    this.#sentUs = nowUs;
    const bytes = (this.#kbps * share * stepUs) / 8_000;
    this.#dueBytes += bytes;
    this.#sentBytes += this.#events.send(bytes, nowUs);
  }
}
