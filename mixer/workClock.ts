/** How long a thread has run and how long it has waited for a processor, nanoseconds since its start. */
export interface Turns {
  ranNs: number;
  waitedNs: number;
}

export interface Reading {
  timeUs: number;
  workUs: number;
}

/** How often it is looked how much of its time the thread had a processor. */
const LOOK_US = 500_000;

/**
 * A clock that goes as fast as the thread's work: where processors are short, a picture that takes a millisecond to
 * decode takes ten by any other clock.
 */
export class WorkClock {
  readonly #nowUs: () => number;
  readonly #turns: () => Turns | null;
  #before: Turns | null;
  #share = 1;
  #lookedUs: number;
  #lastUs: number;
  #workUs = 0;

  /** @param turns null where the system does not say: then it goes like `nowUs` */
  constructor(nowUs: () => number, turns: () => Turns | null) {
    this.#nowUs = nowUs;
    this.#turns = turns;
    this.#before = turns();
    this.#lastUs = nowUs();
    this.#lookedUs = this.#lastUs;
  }

  /** Microseconds that have passed, and those of work among them; only differences mean anything. */
  read(): Reading {
    const timeUs = this.#nowUs();
    if (timeUs - this.#lookedUs >= LOOK_US) this.#look(timeUs);
    this.#workUs += (timeUs - this.#lastUs) * this.#share;
    this.#lastUs = timeUs;
    return { timeUs, workUs: this.#workUs };
  }

  #look(nowUs: number): void {
    this.#lookedUs = nowUs;
    const before = this.#before;
    const turns = this.#turns();
    this.#before = turns;
    if (before === null || turns === null) return;
    const ranNs = turns.ranNs - before.ranNs;
    const allNs = ranNs + turns.waitedNs - before.waitedNs;
    if (allNs > 0) this.#share = ranNs / allNs;
  }
}
