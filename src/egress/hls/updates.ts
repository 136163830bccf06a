/** More requests than this waiting at a time are not held. */
const MAX_WAITING = 10_000;

interface Waiting {
  holds: () => boolean;
  resolve(came: boolean): void;
  timer: NodeJS.Timeout;
}

/** Requests that wait for something to be true, looked at whenever something has changed. */
export class Updates {
  readonly #waiting = new Set<Waiting>();

  /** @returns whether it came to hold in time */
  until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    if (holds()) return Promise.resolve(true);
    if (this.#waiting.size >= MAX_WAITING) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle(waiting, false), timeoutMs);
      const waiting: Waiting = { holds, resolve, timer };
      this.#waiting.add(waiting);
    });
  }

  tell(): void {
    for (const waiting of this.#waiting) if (waiting.holds()) this.#settle(waiting, true);
  }

  /** Nothing changes any more. */
  close(): void {
    for (const waiting of this.#waiting) this.#settle(waiting, false);
  }

  #settle(waiting: Waiting, came: boolean): void {
    this.#waiting.delete(waiting);
    clearTimeout(waiting.timer);
    waiting.resolve(came);
  }
}
