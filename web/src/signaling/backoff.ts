const FIRST_MS = 200;
/** While a server restarts, it is asked this often, so that people are back within two seconds. */
const EAGER_MS = 700;
const EAGER_ATTEMPTS = 25;
const PATIENT_MS = 8000;

/**
 * How long to wait before the next attempt, in milliseconds: doubling from 200 to 700 ms, and after
 * some twenty-five attempts to 8 s. A fifth of it is chance, so that an audience does not return as one.
 * @param attempt how many have failed before, from 0
 * @param chance 0..1
 */
export function retryDelayMs(attempt: number, chance: number): number {
  const eager = Math.min(EAGER_MS, FIRST_MS * 2 ** attempt);
  const patient = attempt < EAGER_ATTEMPTS ? eager : EAGER_MS * 2 ** (attempt - EAGER_ATTEMPTS + 1);
  return Math.round(Math.min(PATIENT_MS, patient) * (0.8 + 0.4 * chance));
}
