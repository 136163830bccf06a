/** Remembers the last 128 packet indices, so that none is taken twice (RFC 3711 3.3.2). */
export class ReplayWindow {
  static readonly size = 128;
  readonly #seen = new Float64Array(ReplayWindow.size).fill(-1);
  #highest = -1;

  get highest(): number {
    return this.#highest;
  }

  /** Whether `index` is new; ask before the packet is authenticated. */
  fresh(index: number): boolean {
    if (index > this.#highest) return true;
    if (index <= this.#highest - ReplayWindow.size) return false;
    return this.#seen[index % ReplayWindow.size] !== index;
  }

  /** Marks `index` as taken; only after the packet was found authentic. */
  take(index: number): void {
    this.#seen[index % ReplayWindow.size] = index;
    if (index > this.#highest) this.#highest = index;
  }
}
