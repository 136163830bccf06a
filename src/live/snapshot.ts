import { RostrumError } from '../errors.ts';

/** Who asks again within this gets the same picture. */
const FRESH_MS = 1_000;

/** The program's picture, made at most once a second however many ask. */
export class Snapshot {
  readonly #make: () => Promise<Buffer>;
  readonly #nowMs: () => number;
  #made: Promise<Buffer> | undefined;
  #atMs = Number.NEGATIVE_INFINITY;
  /** True while one is being made: the mixer is needed then. */
  wanted = false;

  constructor(make: () => Promise<Buffer>, nowMs: () => number) {
    this.#make = make;
    this.#nowMs = nowMs;
  }

  /** @throws RostrumError cannot-mix */
  take(): Promise<Buffer> {
    if (this.#made && (this.wanted || this.#nowMs() - this.#atMs < FRESH_MS)) return this.#made;
    this.wanted = true;
    this.#made = this.#make()
      .catch(() => {
        this.#made = undefined;
        throw new RostrumError('cannot-mix', 'the mixer gave no picture', 5);
      })
      .finally(() => {
        this.wanted = false;
        this.#atMs = this.#nowMs();
      });
    return this.#made;
  }
}
