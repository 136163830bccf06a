/** One object of state that changes as a whole; whoever subscribed hears of each change. */
export interface Store<T> {
  get(): T;
  /** Merges `patch`; nobody is told when nothing in it differs. */
  set(patch: Partial<T>): void;
  /** Returns its own undo. */
  subscribe(changed: () => void): () => void;
}

export function createStore<T extends object>(initial: T): Store<T> {
  let state = initial;
  const subscribers = new Set<() => void>();
  return {
    get: () => state,
    set(patch) {
      const keys = Object.keys(patch) as (keyof T)[];
      if (keys.every((key) => Object.is(state[key], patch[key]))) return;
      state = { ...state, ...patch };
      for (const changed of [...subscribers]) changed();
    },
    subscribe(changed) {
      subscribers.add(changed);
      return () => subscribers.delete(changed);
    },
  };
}
