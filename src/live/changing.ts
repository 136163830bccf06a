/** Something of the room that is told to those who keep it, whenever it differs from before. */
export class Changing<T> {
  readonly #listeners = new Set<{ each(value: T): void; before: string }>();
  #value: T;

  constructor(first: T) {
    this.#value = first;
  }

  note(value: T): void {
    this.#value = value;
    if (this.#listeners.size === 0) return;
    const text = JSON.stringify(value);
    for (const listener of this.#listeners) {
      if (listener.before === text) continue;
      listener.before = text;
      listener.each(value);
    }
  }

  /** Told at once, and from now on. */
  tap(each: (value: T) => void): { close(): void } {
    const listener = { each, before: JSON.stringify(this.#value) };
    this.#listeners.add(listener);
    each(this.#value);
    return { close: () => void this.#listeners.delete(listener) };
  }
}
