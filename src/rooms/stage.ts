import type { Source } from './source.ts';

/** The sources of a room in order of arrival, which is the order their tiles are laid out in. */
export class Stage {
  readonly #order: Source[] = [];

  /** A source that follows its own predecessor takes that one's place, anybody else the last. */
  add(source: Source): void {
    const before = this.#find(source.participant, source.kind);
    if (before >= 0) this.#order[before] = source;
    else this.#order.push(source);
  }

  /** Removing a source that was already replaced changes nothing. */
  remove(source: Source): boolean {
    const at = this.#order.indexOf(source);
    if (at < 0) return false;
    this.#order.splice(at, 1);
    return true;
  }

  [Symbol.iterator](): IterableIterator<Source> {
    return this.#order.values();
  }

  #find(participant: string, kind: Source['kind']): number {
    return this.#order.findIndex((each) => each.participant === participant && each.kind === kind);
  }
}
