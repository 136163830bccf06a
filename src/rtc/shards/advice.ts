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
  readonly #told = new Map<string, Fits>();

  /**
   * @param users the threads with viewers of that source; what another one says is about some who have left
   * @returns what to tell of them all, null when that is nothing new
   */
  heard(fits: Fits, thread: Thread, users: ReadonlySet<Thread>): Fits | null {
    const { source } = fits;
    const said = this.#said.get(source) ?? new Map<Thread, Fitting>();
    if (!users.has(thread)) {
      said.delete(thread);
      return null;
    }
    this.#said.set(source, said);
    said.set(thread, fits);
    return this.#merged(fits, users);
  }

  /** Whether the source keeps a higher rate than a thread said would suit its own viewers. */
  keeps({ source, rungKbps, kbps }: Fits): boolean {
    return (this.#told.get(source)?.kbps ?? rungKbps) > kbps * (1 + WORTH);
  }

  /**
   * Others use the source now: whoever is content with it never says so by itself.
   *
   * @param users the threads with viewers of that source; asked only where it matters
   * @returns what to tell of them all, null when that is nothing new
   */
  usedBy(source: string, users: () => ReadonlySet<Thread>): Fits | null {
    const told = this.#told.get(source);
    if (told === undefined) return null;
    const now = users();
    return now.size === 0 ? null : this.#merged(told, now);
  }

  forget(source: string): void {
    this.#said.delete(source);
    this.#told.delete(source);
  }

  /** That thread has let go of the source, and forgotten what it said of it. */
  released(source: string, thread: Thread): void {
    this.#said.get(source)?.delete(thread);
  }

  /** That thread is gone, with what it said. */
  without(thread: Thread): void {
    for (const said of this.#said.values()) said.delete(thread);
  }

  #merged(fits: Fits, users: Iterable<Thread>): Fits | null {
    const { source, rungKbps } = fits;
    const fittings = [...users].map((user) => this.#said.get(source)?.get(user));
    const leastKbps = Math.min(...fittings.map((each) => each?.leastKbps ?? rungKbps));
    const mostKbps = Math.max(...fittings.map((each) => each?.mostKbps ?? rungKbps));
    const kbps = fittingKbps(rungKbps, leastKbps, mostKbps);
    const before = this.#told.get(source)?.kbps ?? rungKbps;
    if (Math.abs(kbps - before) < before * WORTH) return null;
    const merged = { ...fits, kbps, leastKbps, mostKbps };
    this.#told.set(source, merged);
    return merged;
  }
}
