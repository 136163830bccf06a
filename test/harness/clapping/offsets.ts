/** When the flashes and the beeps of one clapper began, ms of any one clock. */
export interface Claps {
  flashesMs: number[];
  beepsMs: number[];
}

/** A flash and a beep that are further apart do not belong together: claps come once a second. */
const NEAR_MS = 500;

/** By how much each flash is later than its beep, ms; those without one are left out. */
export function offsetsMs({ flashesMs, beepsMs }: Claps): number[] {
  return flashesMs.flatMap((flash) => {
    const nearest = beepsMs.reduce(
      (best, beep) => (Math.abs(beep - flash) < Math.abs(best - flash) ? beep : best),
      Number.POSITIVE_INFINITY,
    );
    return Math.abs(nearest - flash) < NEAR_MS ? [flash - nearest] : [];
  });
}
