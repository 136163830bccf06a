import { nowUs } from './clock.ts';
import { LatencyHistogram } from './latencyHistogram.ts';
import type { Histogram } from './protocol/control.ts';

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
  readonly #prepare: (run: () => void) => void;
  #dueUs: number;
  #timer: NodeJS.Timeout | undefined;
  #lateness: number[] = [];
  readonly #allLateness = new LatencyHistogram();
  #stopped = false;
  ticks = 0;

  /** @param prepare called by the timer: does what is to be done before, then runs the ticks that are due */
  constructor(periodUs: number, tick: (dueUs: number) => void, prepare = (run: () => void) => run()) {
    this.#periodUs = periodUs;
    this.#tick = tick;
    this.#prepare = prepare;
    this.#dueUs = nowUs() + periodUs;
    this.#arm();
  }

  /** 99th percentile of lateness since the last call, ms. */
  takeLatenessP99Ms(): number {
    const sorted = this.#lateness.sort((a, b) => a - b);
    this.#lateness = [];
    return (sorted[Math.floor(sorted.length * 0.99)] ?? 0) / 1000;
  }

  /** Of all ticks. */
  get latenessHistogram(): Histogram {
    return this.#allLateness.histogram;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Timers count whole milliseconds: rounded up, since one that comes too early only comes twice. */
  #arm(): void {
    this.#timer = setTimeout(
      () => this.#prepare(() => this.#run()),
      Math.max(0, Math.ceil((this.#dueUs - nowUs()) / 1000)),
    );
  }

  /** All that is due after the tick that runs now comes so much later, or sooner when negative. */
  shift(us: number): void {
    this.#dueUs += us;
  }

  /** Runs what is due now, unprepared: for somebody who keeps the thread for longer. */
  runDue(): void {
    if (this.#dueUs <= nowUs()) this.#runUntil(nowUs());
  }

  #noteLateness(us: number): void {
    this.#allLateness.add(us / 1000);
    if (this.#lateness.length < KEPT) this.#lateness.push(us);
  }

  #run(): void {
    const now = nowUs();
    if (now - this.#dueUs > RESYNC_US) this.#dueUs = now;
    this.#runUntil(now);
    if (!this.#stopped) this.#arm();
  }

  /**
   * Makes up for what was due when it began, not for what becomes due meanwhile: where ticks take longer
   * than their period, the event loop still gets its turn, and what is too late in the end is left out.
   */
  #runUntil(now: number): void {
    while (this.#dueUs <= now && !this.#stopped) {
      this.ticks++;
      this.#noteLateness(nowUs() - this.#dueUs);
      this.#tick(this.#dueUs);
      this.#dueUs += this.#periodUs;
    }
  }
}
