/**
 * The monotonic clock of `src/rtc`, in microseconds. It is CLOCK_MONOTONIC, so that values can be
 * compared between all processes of one machine.
 */
export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

const WALL_OFFSET_US = Date.now() * 1000 - nowUs();

/** Microseconds between the NTP era (1900) and the Unix epoch. */
const NTP_UNIX_OFFSET_US = 2_208_988_800 * 1e6;

/**
 * NTP time (µs since 1900) of a moment on the monotonic clock. The wall clock is read once, at start:
 * when somebody sets it, sender reports must not jump.
 */
export function ntpUs(monotonicUs: number): number {
  return monotonicUs + WALL_OFFSET_US + NTP_UNIX_OFFSET_US;
}
