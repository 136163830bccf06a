/** At which rate a source would suit everybody who is sent it. */

const LEAST_SHARE = 0.6;
const MOST_SHARE = 1.25;
/** Less of a change is not worth an encoder's trouble. */
const WORTH = 0.1;
const INTERVAL_US = 3_000_000;

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

  /** The source is gone: a new one of that name has its own rate again. */
  forget(source: string): void {
    this.#told.delete(source);
  }

  #isNews({ source, rungKbps, kbps }: Fitting, nowUs: number): boolean {
    const told = this.#told.get(source);
    const before = told?.kbps ?? rungKbps;
    if (Math.abs(kbps - before) < before * WORTH) return false;
    if (told !== undefined && nowUs - told.us < INTERVAL_US) return false;
    this.#told.set(source, { kbps, us: nowUs });
    return true;
  }
}
