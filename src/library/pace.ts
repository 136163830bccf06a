/** How many points of time are remembered of a window. */
const POINTS = 10;

/** How fast something comes, over the time just past. Time is the caller's: milliseconds that only grow. */
export class Pace {
  readonly #windowMs: number;
  readonly #points: { atMs: number; bytes: number }[];
  readonly #startMs: number;
  #bytes = 0;
  #lastMs: number;

  constructor(windowMs: number, nowMs: number) {
    this.#windowMs = windowMs;
    this.#startMs = nowMs;
    this.#lastMs = nowMs;
    this.#points = [{ atMs: nowMs, bytes: 0 }];
  }

  came(bytes: number, nowMs: number): void {
    this.#remember(nowMs);
    this.#bytes += bytes;
    this.#lastMs = nowMs;
  }

  /** How long nothing has come. */
  idleMs(nowMs: number): number {
    return nowMs - this.#lastMs;
  }

  /** Bits per millisecond, that is kbit/s, over the window; null until one has passed. */
  kbps(nowMs: number): number | null {
    if (nowMs - this.#startMs < this.#windowMs) return null;
    this.#remember(nowMs);
    const oldest = this.#points[0]!;
    return ((this.#bytes - oldest.bytes) * 8) / Math.max(1, nowMs - oldest.atMs);
  }

  #remember(nowMs: number): void {
    const points = this.#points;
    while (points.length > 1 && points[1]!.atMs <= nowMs - this.#windowMs) points.shift();
    if (nowMs - points.at(-1)!.atMs >= this.#windowMs / POINTS)
      points.push({ atMs: nowMs, bytes: this.#bytes });
  }
}
