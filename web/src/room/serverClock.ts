/**
 * The server's clock, as far as this browser knows it: a person's own may be hours off, or be set while the
 * page is open, so all times of the server are compared with this one.
 */
export class ServerClock {
  readonly #elapsedMs: () => number;
  #heard: { unixMs: number; atMs: number };

  /** @param elapsedMs a clock that nobody sets */
  constructor(elapsedMs: () => number = () => performance.now(), unixMs = Date.now()) {
    this.#elapsedMs = elapsedMs;
    this.#heard = { unixMs, atMs: elapsedMs() };
  }

  /** The server has just said how late it is. */
  hear(unixMs: number): void {
    this.#heard = { unixMs, atMs: this.#elapsedMs() };
  }

  /** Milliseconds since 1970. */
  nowMs(): number {
    return this.#heard.unixMs + this.#elapsedMs() - this.#heard.atMs;
  }
}
