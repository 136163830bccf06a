import type { FromDelivery } from '../contract.ts';
import { type Fitting, fittingKbps } from '../deliver/advice.ts';

type Fits = Extract<FromDelivery, { type: 'fits' }>;

/** Less of a change is not worth an encoder's trouble. */
const WORTH = 0.1;

/**
 * What the viewers of all threads could take of a source. Each thread knows of its own alone; one that uses
 * the source and has said nothing is content with it as it is.
 */
export class MergedAdvice<Thread> {
  readonly #said = new Map<string, Map<Thread, Fitting>>();
  readonly #told = new Map<string, number>();

  /**
   * @param users the threads with viewers of that source
   * @returns what to tell of them all, null when that is nothing new
   */
  heard(fits: Fits, thread: Thread, users: Iterable<Thread>): Fits | null {
    const { source, rungKbps } = fits;
    const said = this.#said.get(source) ?? new Map<Thread, Fitting>();
    this.#said.set(source, said);
    said.set(thread, fits);
    const fittings = [...users].map((user) => said.get(user));
    const leastKbps = Math.min(fits.leastKbps, ...fittings.map((each) => each?.leastKbps ?? rungKbps));
    const mostKbps = Math.max(fits.mostKbps, ...fittings.map((each) => each?.mostKbps ?? rungKbps));
    const kbps = fittingKbps(rungKbps, leastKbps, mostKbps);
    const before = this.#told.get(source) ?? rungKbps;
    if (Math.abs(kbps - before) < before * WORTH) return null;
    this.#told.set(source, kbps);
    return { ...fits, kbps, leastKbps, mostKbps };
  }

  forget(source: string): void {
    this.#said.delete(source);
    this.#told.delete(source);
  }

  /** That thread is gone, with what it said. */
  without(thread: Thread): void {
    for (const said of this.#said.values()) said.delete(thread);
  }
}
