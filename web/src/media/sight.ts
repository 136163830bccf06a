/** Whether the page can be seen, or its picture stands in a window of its own. */
export const isInSight = (): boolean =>
  document.visibilityState === 'visible' || document.pictureInPictureElement != null;

/** Calls back when that may have changed; returns its own undo. */
export function onSight(changed: () => void): () => void {
  const events = ['visibilitychange', 'enterpictureinpicture', 'leavepictureinpicture'];
  for (const name of events) document.addEventListener(name, changed);
  return () => {
    for (const name of events) document.removeEventListener(name, changed);
  };
}
