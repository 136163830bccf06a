/** Looks per period: a stall of this process itself then counts as one look, not as silence. */
const LOOKS = 6;

/**
 * Barks when nothing was fed for a while. It counts looks instead of reading a clock, because after a
 * pause of the whole machine the other side has been just as unable to speak.
 */
export class Watchdog {
  readonly #bark: (reason: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #missed = 0;

  constructor(bark: (reason: string) => void) {
    this.#bark = bark;
  }

  /** From now on something must be fed within every `periodMs`. */
  expect(periodMs: number, reason: string): void {
    this.rest();
    this.#missed = 0;
    this.#timer = setInterval(() => {
      if (++this.#missed < LOOKS) return;
      this.rest();
      this.#bark(reason);
    }, periodMs / LOOKS);
    this.#timer.unref();
  }

  fed(): void {
    this.#missed = 0;
  }

  /** Expects nothing any more. */
  rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
