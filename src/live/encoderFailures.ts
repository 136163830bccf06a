/** An encoder that ran this long before it failed is not one that cannot work. */
const LONG_LIFE_MS = 60_000;
const LONGEST_PAUSE_MS = 300_000;

interface Failure {
  /** In a row, none of them after a long life. */
  times: number;
  /** When it may be, or was, tried again. */
  againMs: number;
  /** Undefined once it may be tried again. */
  pause: NodeJS.Timeout | undefined;
}

/** Renditions whose encoders have failed, and when each is tried again: after a pause that doubles. */
export class EncoderFailures {
  readonly #firstPauseMs: number;
  readonly #changed: () => void;
  readonly #failures = new Map<string, Failure>();

  /**
   * @param firstPauseMs doubles up to five minutes, or to itself where that is more
   * @param changed another rendition rests, or may be tried again
   */
  constructor(firstPauseMs: number, changed: () => void) {
    this.#firstPauseMs = firstPauseMs;
    this.#changed = changed;
  }

  /** Those that must not be tried now. */
  get resting(): Set<string> {
    const resting = [...this.#failures].filter(([, { pause }]) => pause !== undefined);
    return new Set(resting.map(([source]) => source));
  }

  /** Counts a failure. @returns the pause in ms, and whether it is the first of a row */
  note(source: string, nowMs: number): { pauseMs: number; isFirst: boolean } {
    const before = this.#failures.get(source);
    clearTimeout(before?.pause);
    const isFirst = before === undefined || nowMs - before.againMs >= LONG_LIFE_MS;
    const times = isFirst ? 1 : before.times + 1;
    const longestMs = Math.max(LONGEST_PAUSE_MS, this.#firstPauseMs);
    const pauseMs = Math.min(longestMs, this.#firstPauseMs * 2 ** (times - 1));
    const failure: Failure = { times, againMs: nowMs + pauseMs, pause: undefined };
    failure.pause = setTimeout(() => {
      failure.pause = undefined;
      this.#changed();
    }, pauseMs).unref();
    this.#failures.set(source, failure);
    this.#forget(nowMs);
    this.#changed();
    return { pauseMs, isFirst };
  }

  close(): void {
    for (const { pause } of this.#failures.values()) clearTimeout(pause);
    this.#failures.clear();
  }

  /** What would count as the first of a row again need not be remembered: its source may be long gone. */
  #forget(nowMs: number): void {
    for (const [source, { pause, againMs }] of this.#failures) {
      if (pause === undefined && nowMs - againMs >= LONG_LIFE_MS) this.#failures.delete(source);
    }
  }
}
