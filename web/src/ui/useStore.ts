import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { same } from '../state/same.ts';
import type { Store } from '../state/store.ts';

/** Renders again when what `select` takes from the store differs: a value, or an object's members. */
export function useStore<T extends object, S>(store: Store<T>, select: (state: T) => S): S {
  const [, renderAgain] = useState({});
  const selected = select(store.get());
  const latest = useRef({ selected, select });
  latest.current = { selected, select };
  useLayoutEffect(() => {
    const check = () => {
      const { selected, select } = latest.current;
      if (!same(selected, select(store.get()))) renderAgain({});
    };
    check();
    return store.subscribe(check);
  }, [store]);
  return selected;
}
