import type { Engine } from '../engine/engine.ts';

/** Images that the scenes of a room name, as the mixer knows them. */
export class Images {
  readonly #engine: Engine;
  readonly #pathOf: (name: string) => string | undefined;
  readonly #shown = new Set<string>();

  /** @param pathOf where an image lies; undefined when it is gone */
  constructor(engine: Engine, pathOf: (name: string) => string | undefined) {
    this.#engine = engine;
    this.#pathOf = pathOf;
  }

  /** From now on these are needed and no others; to be called before a scene names them. */
  show(names: Iterable<string | null>): void {
    const wanted = new Set([...names].filter((name) => name !== null));
    for (const name of this.#shown) {
      if (wanted.has(name)) continue;
      this.#shown.delete(name);
      this.#engine.asset(name, null);
    }
    for (const name of wanted) {
      if (this.#shown.has(name)) continue;
      const path = this.#pathOf(name);
      if (path === undefined) continue;
      this.#shown.add(name);
      this.#engine.asset(name, path);
    }
  }
}
