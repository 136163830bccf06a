import { nowUs } from '../../../src/rtc/clock.ts';

/** Something that has work at certain moments. */
export interface Paced {
  /** Does what is due. @returns when it wants to be called next, µs on the monotonic clock */
  step(nowUs: number): number;
}

const IDLE_US = 20_000;
/** Late calls kept for the quantile: a few minutes of them. */
const MAX_KEPT = 100_000;

/** One timer for everything that is paced in this process, and how late it was. */
export class Pace {
  readonly #all = new Map<Paced, number>();
  #timer: NodeJS.Timeout | undefined;
  #lateUs: number[] = [];

  add(paced: Paced): void {
    this.#all.set(paced, 0);
    this.#run();
  }

  delete(paced: Paced): void {
    this.#all.delete(paced);
    if (this.#all.size === 0) clearTimeout(this.#timer);
  }

  /** Forgets what was; `lateMs` counts from here. */
  begin(): void {
    this.#lateUs = [];
  }

  /** How late things were called, 99th percentile since `begin`, ms. */
  lateMs(): number {
    const sorted = Float64Array.from(this.#lateUs).sort();
    return (sorted[Math.floor(sorted.length * 0.99)] ?? 0) / 1000;
  }

  close(): void {
    this.#all.clear();
    clearTimeout(this.#timer);
  }

  #run(): void {
    clearTimeout(this.#timer);
    const now = nowUs();
    let earliestUs = now + IDLE_US;
    for (const [paced, wantedUs] of this.#all) {
      let nextUs = wantedUs;
      if (wantedUs <= now) {
        if (wantedUs > 0 && this.#lateUs.length < MAX_KEPT) this.#lateUs.push(now - wantedUs);
        nextUs = paced.step(now);
        this.#all.set(paced, nextUs);
      }
      earliestUs = Math.min(earliestUs, nextUs);
    }
    const waitMs = Math.max(1, Math.ceil((earliestUs - nowUs()) / 1000));
    this.#timer = setTimeout(() => this.#run(), waitMs);
  }
}
