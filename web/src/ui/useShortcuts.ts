import { useEffect, useRef } from 'preact/hooks';
import { type Shortcut, shortcutOf } from '../keys.ts';

/** Runs what a key asks for, unless a dialog is open. */
export function useShortcuts(speaks: boolean, actions: Partial<Record<Shortcut, () => void>>): void {
  const current = useRef(actions);
  current.current = actions;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const action = current.current[shortcutOf(event, speaks) ?? ('none' as Shortcut)];
      if (!action) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [speaks]);
}
