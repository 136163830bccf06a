/** The only place of the mixer that reads a clock. Everything else is told the time. */

import { openSync, readSync } from 'node:fs';
import type { Turns } from './workClock.ts';

/** Microseconds on CLOCK_MONOTONIC, the same in every process of this machine. */
export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Milliseconds since 1970, by the wall clock, which may jump. */
export const wallMs = (): number => Date.now();

const turnsText = Buffer.alloc(128);
let turnsFile: number | undefined;

/** How long this thread has run and has waited for a processor (schedstats of Linux); null where nobody says. */
export function threadTurns(): Turns | null {
  try {
    turnsFile ??= openSync('/proc/thread-self/schedstat', 'r');
    const length = readSync(turnsFile, turnsText, 0, turnsText.length, 0);
    const [ranNs, waitedNs] = turnsText.toString('latin1', 0, length).split(' ').map(Number);
    return Number.isFinite(ranNs) && Number.isFinite(waitedNs)
      ? { ranNs: ranNs!, waitedNs: waitedNs! }
      : null;
  } catch {
    return null;
  }
}
