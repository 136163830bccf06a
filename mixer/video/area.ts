import type { PixelRect } from './fit.ts';

/** What two rectangles have in common; undefined when nothing. */
export function intersection(a: PixelRect, b: PixelRect): PixelRect | undefined {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

export const contains = (outer: PixelRect, inner: PixelRect): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

/** The same rectangle in a plane with 1/`by` of the pixels each way. */
export const scaled = (rect: PixelRect, by: number): PixelRect => ({
  x: rect.x / by,
  y: rect.y / by,
  width: rect.width / by,
  height: rect.height / by,
});
