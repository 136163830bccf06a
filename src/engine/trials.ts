/** What has done no harm before is suspected last: something else may be why mixers die. */
const CREDIT = 2;

/**
 * Things of which mixers may die: films, images. What has been told to one new mixer after the other and was
 * never seen to do no harm is taken to be why they die.
 */
export class Trials {
  readonly #mostMixers: number;
  readonly #enoughReports: number;
  readonly #open = new Map<string, { mixers: number; reports: number }>();
  /** Mixers have lived with them. */
  readonly #trusted = new Set<string>();

  /**
   * @param mostMixers so many new ones in a row may be told of it
   * @param enoughReports so many from one mixer prove that it does no harm
   */
  constructor(mostMixers: number, enoughReports: number) {
    this.#mostMixers = mostMixers;
    this.#enoughReports = enoughReports;
  }

  /** The mixer that runs, if one does, is told of it for the first time. */
  meet(name: string): void {
    this.forget(name);
    this.#open.set(name, { mixers: 0, reports: 0 });
  }

  /** A new mixer is to be told of it. Returns false when it has had its chances: then it is forgotten, too. */
  begin(name: string): boolean {
    const mixers = (this.#open.get(name)?.mixers ?? 0) + 1;
    if (mixers > this.#mostMixers + (this.#trusted.has(name) ? CREDIT : 0)) {
      this.forget(name);
      return false;
    }
    this.#open.set(name, { mixers, reports: 0 });
    return true;
  }

  /** The last mixer did not die of anything it was told: it never read it, or ended as it should. */
  acquit(): void {
    for (const trial of this.#open.values()) trial.mixers = Math.max(0, trial.mixers - 1);
  }

  /** The mixer lives and is at work on it. */
  report(name: string): void {
    const trial = this.#open.get(name);
    if (!trial || ++trial.reports < this.#enoughReports) return;
    this.#open.delete(name);
    this.#trusted.add(name);
  }

  forget(name: string): void {
    this.#open.delete(name);
    this.#trusted.delete(name);
  }
}
