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
    clearTimeout(this.#timer);
  }

  #arm(): void {
    this.#timer = setTimeout(() => this.#run(), Math.max(0, (this.#dueUs - nowUs()) / 1000));
  }

  #run(): void {
    let now = nowUs();
    if (now - this.#dueUs > RESYNC_US) this.#dueUs = now;
    while (this.#dueUs <= now) {
      this.ticks++;
      if (this.#lateness.length < KEPT) this.#lateness.push(now - this.#dueUs);
      this.#tick(this.#dueUs);
      this.#dueUs += this.#periodUs;
      now = nowUs();
    }
    this.#arm();
  }
}
