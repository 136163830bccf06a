/** Intervals that make the average. */
const WINDOW = 30;
const LEAST_EXTRA_MS = 150;

/**
 * Counts freezes as `freezeCount` of webrtc-stats does: an interval between two pictures that is both three
 * times the average one and 150 ms longer.
 */
export class FreezeCounter {
  count = 0;
  #lastMs: number | undefined;
  #intervalsMs: number[] = [];

  picture(atMs: number): void {
    if (this.#lastMs !== undefined) {
      const intervalMs = atMs - this.#lastMs;
      const averageMs = this.#averageMs();
      if (averageMs !== null && intervalMs >= Math.max(3 * averageMs, averageMs + LEAST_EXTRA_MS))
        this.count++;
      this.#intervalsMs.push(intervalMs);
      if (this.#intervalsMs.length > WINDOW) this.#intervalsMs.shift();
    }
    this.#lastMs = atMs;
  }

  /** Null before two pictures. */
  #averageMs(): number | null {
    const { length } = this.#intervalsMs;
    return length === 0 ? null : this.#intervalsMs.reduce((sum, each) => sum + each, 0) / length;
  }
}
