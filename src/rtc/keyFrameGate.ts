export interface KeyFrameGateTimes {
  /** Least time between two requests, in ms. */
  intervalMs: number;
  /** A request not answered by then is taken for lost, in ms. */
  answerMs: number;
}

/**
 * Makes many wishes for a key frame few requests: one at a time, none until the key frame came or is
 * overdue, never two within the interval. A wish too early is kept, not lost.
 */
export class KeyFrameGate {
  readonly #times: KeyFrameGateTimes;
  readonly #send: () => void;
  readonly #stillWanted: () => boolean;
  #sentMs = -Infinity;
  #outstanding = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /**
   * @param send passes one request on
   * @param stillWanted asked when a request stayed unanswered: whether to repeat it unasked
   */
  constructor(times: KeyFrameGateTimes, send: () => void, stillWanted: () => boolean = () => false) {
    this.#times = times;
    this.#send = send;
    this.#stillWanted = stillWanted;
  }

  request(): void {
    if (this.#closed || this.#outstanding || this.#timer !== undefined) return;
    const waitMs = this.#sentMs + this.#times.intervalMs - performance.now();
    if (waitMs <= 0) this.#fire();
    else this.#after(waitMs, () => this.#fire());
  }

  /** A key frame came: whoever wished for one before has it now. */
  keyFrame(): void {
    this.#outstanding = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    this.#closed = true;
    this.keyFrame();
  }

  #fire(): void {
    this.#sentMs = performance.now();
    this.#outstanding = true;
    this.#after(this.#times.answerMs, () => {
      this.#outstanding = false;
      if (this.#stillWanted()) this.request();
    });
    this.#send();
  }

  #after(ms: number, then: () => void): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      then();
    }, ms).unref();
  }
}
