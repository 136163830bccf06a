import { useEffect } from 'preact/hooks';

/** How many places are remembered. */
const MOST = 20;

/**
 * When what has the focus is taken away, who had it before has it again: without that a keyboard begins at
 * the top of the page, and a screen reader is nowhere. A click beside everything is left alone.
 */
export function useFocusKept(root: { current: HTMLElement | null }): void {
  useEffect(() => {
    const element = root.current!;
    let places: HTMLElement[] = [];
    const remember = ({ target }: FocusEvent) => {
      places = [...places.filter((place) => place !== target), target as HTMLElement].slice(-MOST);
    };
    const look = () => {
      if (document.activeElement !== document.body || !places.length || isShown(places.at(-1)!)) return;
      places = places.filter((place) => place.isConnected);
      const candidates = [...places].reverse().filter((place) => isShown(place) && !raisesKeyboard(place));
      for (const place of [...candidates, element.querySelector<HTMLElement>('dialog[open] button')]) {
        place?.focus();
        if (place && document.activeElement === place) return;
      }
    };
    // Browsers let go of what is hidden with the next picture, and not before.
    const observer = new MutationObserver(() => requestAnimationFrame(() => setTimeout(look)));
    observer.observe(element, {
      ...{ subtree: true, childList: true, attributes: true },
      attributeFilter: ['class', 'disabled', 'hidden', 'open'],
    });
    element.addEventListener('focusin', remember);
    return () => {
      observer.disconnect();
      element.removeEventListener('focusin', remember);
    };
  }, []);
}

/** On a touch screen, where nobody asked to type. */
const raisesKeyboard = (place: HTMLElement): boolean =>
  place.matches('input:not([type=range], [type=checkbox], [type=radio]), textarea') &&
  matchMedia('(pointer: coarse)').matches;

const isShown = (place: HTMLElement): boolean =>
  place.isConnected && place.getClientRects().length > 0 && !place.matches(':disabled');
