/** Work of this thread that is spread over time: one timer for everybody, none while nobody has any. */

const TICK_MS = 10;

export interface Paced {
  /** Does what is due; false when nothing is left. */
  tick(nowUs: number): boolean;
}

export class Pacer {
  readonly #now: () => number;
  readonly #busy = new Set<Paced>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param now monotonic time in µs */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Calls `tick` every 10 ms until it says that nothing is left. */
  add(paced: Paced): void {
    if (this.#closed) return;
    this.#busy.add(paced);
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
  }

  delete(paced: Paced): void {
    this.#busy.delete(paced);
    if (this.#busy.size === 0) this.#stop();
  }

  close(): void {
    this.#closed = true;
    this.#busy.clear();
    this.#stop();
  }

  #tick(): void {
    const nowUs = this.#now();
    for (const paced of this.#busy) if (!paced.tick(nowUs)) this.#busy.delete(paced);
    if (this.#busy.size === 0) this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
