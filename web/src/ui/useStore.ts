import { useLayoutEffect, useState } from 'preact/hooks';
import type { Store } from '../state/store.ts';

/** Renders again when what `select` takes from the store is another value. */
export function useStore<T extends object, S>(store: Store<T>, select: (state: T) => S): S {
  const [, renderAgain] = useState({});
  const selected = select(store.get());
  useLayoutEffect(() => {
    let last = selected;
    const check = () => {
      const next = select(store.get());
      if (Object.is(next, last)) return;
      last = next;
      renderAgain({});
    };
    check();
    return store.subscribe(check);
  }, [store]);
  return selected;
}
