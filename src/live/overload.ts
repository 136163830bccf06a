/** Looks in a row above the limit after which it is too much: a second of trouble is none. */
const LOOKS_ABOVE = 5;
/** Looks in a row well below it after which it is not any more. */
const LOOKS_BELOW = 10;
const WELL_BELOW = 0.7;

/** Whether a measure stays above its limit; once it did, until it stays well below. */
export class Overload {
  /** The most it was, since it began to be above the limit. */
  worst = 0;
  readonly limit: number;
  #above = 0;
  #below = 0;
  #is = false;

  /** @param limit 0 for none: then it is never too much */
  constructor(limit: number) {
    this.limit = limit;
  }

  get is(): boolean {
    return this.#is;
  }

  /** To be told once a second. */
  note(value: number): void {
    if (this.limit === 0) return;
    if (value > this.limit || this.#is) this.worst = Math.max(this.worst, value);
    else this.worst = 0;
    this.#above = value > this.limit ? this.#above + 1 : 0;
    this.#below = value < this.limit * WELL_BELOW ? this.#below + 1 : 0;
    if (this.#above >= LOOKS_ABOVE) this.#is = true;
    else if (this.#below >= LOOKS_BELOW) this.#is = false;
  }
}
