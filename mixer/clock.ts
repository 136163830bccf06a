/** The only place of the mixer that reads a clock. Everything else is told the time. */

/** Microseconds on CLOCK_MONOTONIC, the same in every process of this machine. */
export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Milliseconds since 1970, by the wall clock, which may jump. */
export const wallMs = (): number => Date.now();
