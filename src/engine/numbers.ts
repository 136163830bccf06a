/**
 * Hands out the 16-bit numbers of tracks and encoders. A number comes back only after all others
 * were used, so that a late message about something that has ended finds nothing.
 */
export class Numbers {
  #last = 0;

  /** @throws RangeError when all 65,535 are taken. */
  next(taken: { has(number: number): boolean }): number {
    for (let tries = 0; tries < 0xffff; tries++) {
      this.#last = (this.#last % 0xffff) + 1;
      if (!taken.has(this.#last)) return this.#last;
    }
    throw new RangeError('no number is free');
  }
}
