import { nowUs } from './clock.ts';

/** A stall longer than this is not made up for: the schedule starts anew. */
const RESYNC_US = 500_000;

/** Lateness kept for a percentile, one entry per tick. */
const KEPT = 512;

/**
 * Calls `tick` on an absolute schedule. The callback is told the moment it was due, so that what it
 * makes is evenly spaced even when the process was late.
 */
export class Ticker {
  readonly #periodUs: number;
  readonly #tick: (dueUs: number) => void;
  #dueUs: number;
  #timer: NodeJS.Timeout | undefined;
  #lateness: number[] = [];
  #stopped = false;
  ticks = 0;

  constructor(periodUs: number, tick: (dueUs: number) => void) {
    this.#periodUs = periodUs;
    this.#tick = tick;
    this.#dueUs = nowUs() + periodUs;
    this.#arm();
  }

  /** 99th percentile of lateness since the last call, ms. */
  takeLatenessP99Ms(): number {
    const sorted = this.#lateness.sort((a, b) => a - b);
    this.#lateness = [];
    return (sorted[Math.floor(sorted.length * 0.99)] ?? 0) / 1000;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #arm(): void {
    this.#timer = setTimeout(() => this.#run(), Math.max(0, (this.#dueUs - nowUs()) / 1000));
  }

  /**
   * Makes up for what was due when it began, not for what becomes due meanwhile: where ticks take longer
   * than their period, the event loop still gets its turn, and what is too late in the end is left out.
   */
  #run(): void {
    const now = nowUs();
    if (now - this.#dueUs > RESYNC_US) this.#dueUs = now;
    while (this.#dueUs <= now && !this.#stopped) {
      this.ticks++;
      if (this.#lateness.length < KEPT) this.#lateness.push(nowUs() - this.#dueUs);
      this.#tick(this.#dueUs);
      this.#dueUs += this.#periodUs;
    }
    if (!this.#stopped) this.#arm();
  }
}
