/** Longer than a mixer that works ever takes. */
const TIMEOUT_MS = 3_000;

interface Waiting {
  resolve(jpeg: Buffer): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** Pictures that a mixer was asked for, until it answers. */
export class Snapshots {
  readonly #waiting = new Map<number, Waiting>();
  #requests = 0;

  /** @param ask sends the request. @throws Error when no answer comes */
  request(ask: (request: number) => void): Promise<Buffer> {
    const request = ++this.#requests;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(request), TIMEOUT_MS);
      this.#waiting.set(request, { resolve, reject, timer });
      ask(request);
    });
  }

  /** Those that a new mixer has to be asked for again. */
  get unanswered(): Iterable<number> {
    return this.#waiting.keys();
  }

  answered(request: number, jpeg: Buffer): void {
    this.#take(request)?.resolve(jpeg);
  }

  close(): void {
    for (const request of [...this.#waiting.keys()]) this.#fail(request);
  }

  #fail(request: number): void {
    this.#take(request)?.reject(new Error('the mixer gave no picture'));
  }

  #take(request: number): Waiting | undefined {
    const waiting = this.#waiting.get(request);
    this.#waiting.delete(request);
    clearTimeout(waiting?.timer);
    return waiting;
  }
}
