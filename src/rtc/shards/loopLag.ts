import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 10;

/** How late the event loop of this thread is: what it took longer between two looks than it should have. */
export class LoopLag {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#delay.enable();
  }

  /** 99th percentile since the last reset, ms; 0 before anything was measured. */
  get p99Ms(): number {
    const measured = this.#delay.percentile(99) / 1e6;
    return Number.isFinite(measured) ? Math.max(0, measured - RESOLUTION_MS) : 0;
  }

  reset(): void {
    this.#delay.reset();
  }

  close(): void {
    this.#delay.disable();
  }
}
