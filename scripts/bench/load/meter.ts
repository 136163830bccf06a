import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How a process of the load generator itself did over a span. */
export interface OwnFigures {
  seconds: number;
  /** CPU of this process, in cores. */
  cpu: number;
  /** How late its event loop was, 99th percentile, ms. */
  lagMs: number;
}

const RESOLUTION_MS = 2;

/** Measures this process: CPU and event loop, between two moments. */
export class OwnMeter {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #startNs = process.hrtime.bigint();
  #startCpu = process.cpuUsage();

  begin(): void {
    this.#delay.enable();
    this.#delay.reset();
    this.#startNs = process.hrtime.bigint();
    this.#startCpu = process.cpuUsage();
  }

  end(): OwnFigures {
    const { user, system } = process.cpuUsage(this.#startCpu);
    const seconds = Number(process.hrtime.bigint() - this.#startNs) / 1e9;
    // What is recorded holds the resolution itself.
    const lagMs = Math.max(0, this.#delay.percentile(99) / 1e6 - RESOLUTION_MS);
    this.#delay.disable();
    return { seconds, cpu: (user + system) / 1e6 / seconds, lagMs };
  }
}
