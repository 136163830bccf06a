/** At which rate a source would suit everybody who is sent it. */

/** An encoder is slowed down for its viewers to this share of its own rate at most. */
export const LEAST_SHARE = 0.6;
const MOST_SHARE = 1.25;
/** Less of a change is not worth an encoder's trouble. */
const WORTH = 0.1;
const INTERVAL_US = 3_000_000;
/** Whoever puts together what several say may have missed it: a thread's viewers come and go meanwhile. */
const REPEAT_US = 15_000_000;

/** What one viewer could take of the rung it is sent, kbit/s; null where nothing is known. */
export interface Room {
  source: string;
  rungKbps: number;
  roomKbps: number | null;
}

export interface Fitting {
  source: string;
  rungKbps: number;
  kbps: number;
  leastKbps: number;
  mostKbps: number;
}

/**
 * The rate of a rung, between 0.6 and 1.25 of its own: what all can take when nobody can take it as it is,
 * or when everybody could take more; its own when they differ.
 */
export function fittingKbps(rungKbps: number, leastKbps: number, mostKbps: number): number {
  if (leastKbps <= rungKbps && mostKbps >= rungKbps) return rungKbps;
  return Math.round(Math.min(rungKbps * MOST_SHARE, Math.max(rungKbps * LEAST_SHARE, leastKbps)));
}

/** Gathers what viewers can take, and says what has changed. */
export class Advice {
  readonly #told = new Map<string, { kbps: number; us: number }>();

  /** At which rates the sources would suit these viewers, as far as that is news. */
  news(rooms: readonly Room[], nowUs: number): Fitting[] {
    const bySource = new Map<string, Fitting>();
    for (const { source, rungKbps, roomKbps } of rooms) {
      const kbps = roomKbps ?? rungKbps;
      const before = bySource.get(source);
      const leastKbps = Math.min(before?.leastKbps ?? kbps, kbps);
      const mostKbps = Math.max(before?.mostKbps ?? kbps, kbps);
      const fitting = fittingKbps(rungKbps, leastKbps, mostKbps);
      bySource.set(source, { source, rungKbps, leastKbps, mostKbps, kbps: fitting });
    }
    return [...bySource.values()].filter((fitting) => this.#isNews(fitting, nowUs));
  }

  /** What was said of the source last, kbit/s; undefined when nothing was. */
  told(source: string): number | undefined {
    return this.#told.get(source)?.kbps;
  }

  /** The source is gone: a new one of that name has its own rate again. */
  forget(source: string): void {
    this.#told.delete(source);
  }

  #isNews({ source, rungKbps, kbps }: Fitting, nowUs: number): boolean {
    const told = this.#told.get(source);
    const before = told?.kbps ?? rungKbps;
    const sinceUs = nowUs - (told?.us ?? -Infinity);
    const isOther = Math.abs(kbps - before) >= before * WORTH;
    const isDue = before !== rungKbps && sinceUs >= REPEAT_US;
    if (sinceUs < INTERVAL_US || !(isOther || isDue)) return false;
    this.#told.set(source, { kbps, us: nowUs });
    return true;
  }
}
