import { createStore, type Store } from '../state/store.ts';
import { type Graphic, readGraphic } from './graphics.ts';

type Shelf = Pick<Storage, 'getItem' | 'setItem'>;

/** More would be more than anybody finds again. */
const MOST = 50;

/** The graphics a host keeps ready for one room, remembered by their browser. */
export class Rundown {
  readonly store: Store<{ graphics: readonly Graphic[] }>;
  readonly #key: string;
  readonly #storage: Shelf | null;

  constructor(room: string, storage: Shelf | null = ownStorage()) {
    this.#key = `rostrum.graphics.${room}`;
    this.#storage = storage;
    this.store = createStore<{ graphics: readonly Graphic[] }>({ graphics: this.#read() });
  }

  /** Takes the place of the one with its id, or comes last. */
  keep(graphic: Graphic): void {
    const { graphics } = this.store.get();
    const at = graphics.findIndex(({ id }) => id === graphic.id);
    this.#write(at < 0 ? [...graphics, graphic].slice(-MOST) : graphics.with(at, graphic));
  }

  forget(id: string): void {
    this.#write(this.store.get().graphics.filter((each) => each.id !== id));
  }

  #read(): Graphic[] {
    try {
      const stored: unknown = JSON.parse(this.#storage?.getItem(this.#key) ?? '[]');
      return Array.isArray(stored) ? stored.flatMap((each) => readGraphic(each) ?? []).slice(-MOST) : [];
    } catch {
      return [];
    }
  }

  #write(graphics: readonly Graphic[]): void {
    this.store.set({ graphics });
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(graphics));
    } catch {
      // A full or forbidden storage costs only the memory.
    }
  }
}

function ownStorage(): Shelf | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
