/** Pictures remembered on their way to a thread; more than this at once is a backlog, however young. */
const SLOTS = 2_048;

/**
 * How far a thread is behind with the pictures posted to it. The queue between threads has no bound of its
 * own, so what would wait longer than `maxMs` is not posted.
 */
export class Backlog {
  readonly #taken: Int32Array;
  readonly #maxMs: number;
  readonly #postedMs = new Float64Array(SLOTS);
  #posted = 0;
  #full = false;

  /** @param taken counts up with each picture that the thread has taken, modulo 2³² */
  constructor(taken: Int32Array, maxMs: number) {
    this.#taken = taken;
    this.#maxMs = maxMs;
  }

  /** True from when the oldest picture waits too long until none waits any more. */
  isFull(nowMs: number): boolean {
    const waiting = this.waiting;
    if (waiting === 0) this.#full = false;
    else if (waiting >= SLOTS) this.#full = true;
    else if (nowMs - this.#postedMs[(this.#posted - waiting) & (SLOTS - 1)]! > this.#maxMs) this.#full = true;
    return this.#full;
  }

  get waiting(): number {
    return (this.#posted - Atomics.load(this.#taken, 0)) | 0;
  }

  posted(nowMs: number): void {
    this.#postedMs[this.#posted & (SLOTS - 1)] = nowMs;
    this.#posted = (this.#posted + 1) | 0;
  }
}
