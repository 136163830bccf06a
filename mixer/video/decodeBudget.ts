/** The share of the time in which one source's pictures may be decoded for long. */
const TIME_SHARE = 0.25;
/** A source that takes no more of one processor than this is never cut, however slow the machine has become. */
const WORK_SHARE = 0.06;

/** What may be taken at once beyond a share, and what must be saved to go on after nothing was left. */
const MOST_SAVED_US = 100_000;
const ENOUGH_SAVED_US = 60_000;

/** A share of passing time, saved up to a limit. */
class Savings {
  readonly #share: number;
  #savedUs = MOST_SAVED_US;
  #isSpent = false;

  constructor(share: number) {
    this.#share = share;
  }

  get isSpent(): boolean {
    return this.#isSpent;
  }

  pass(us: number): void {
    this.#savedUs = Math.min(MOST_SAVED_US, this.#savedUs + this.#share * us);
    if (this.#savedUs <= 0) this.#isSpent = true;
    else if (this.#savedUs >= ENOUGH_SAVED_US) this.#isSpent = false;
  }

  /** What was taken in one go must not be paid for ever: the machine may have stood still meanwhile. */
  spend(us: number): void {
    this.#savedUs = Math.max(-MOST_SAVED_US, this.#savedUs - us);
  }
}

/**
 * How much of the mixer's time one source may have: a picture of the largest size, or 120 of them a second, is
 * shown as long as nobody else has to wait for it. Time counts, since it is what others wait; but where all
 * that makes a camera slow is the machine, it is not the camera that gives way.
 */
export class DecodeBudget {
  readonly #time = new Savings(TIME_SHARE);
  readonly #work = new Savings(WORK_SHARE);
  #lastUs: number | undefined;

  /** Whether another picture may be decoded now. */
  allows(nowUs: number): boolean {
    const passedUs = Math.max(0, nowUs - (this.#lastUs ?? nowUs));
    this.#lastUs = nowUs;
    this.#time.pass(passedUs);
    this.#work.pass(passedUs);
    return !(this.#time.isSpent && this.#work.isSpent);
  }

  /** A picture took so much time, and so much work of a processor in it. */
  spend(timeUs: number, workUs: number): void {
    this.#time.spend(timeUs);
    this.#work.spend(workUs);
  }
}
