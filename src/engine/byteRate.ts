/** Least that counts as a second of media, so that a quiet room's first burst is not dropped. */
const FLOOR_BYTES = 512 * 1024;

/** Bytes of the last second, measured in seconds that follow each other. */
export class ByteRate {
  #second = Number.NEGATIVE_INFINITY;
  #bytes = 0;
  #before = 0;

  add(bytes: number, nowMs: number): void {
    const elapsedMs = nowMs - this.#second;
    if (elapsedMs >= 1000) {
      this.#before = elapsedMs < 2000 ? this.#bytes : 0;
      this.#bytes = 0;
      this.#second = nowMs;
    }
    this.#bytes += bytes;
  }

  /** The larger of the running and the last whole second, never less than a floor. */
  get perSecond(): number {
    return Math.max(FLOOR_BYTES, this.#bytes, this.#before);
  }
}
