import type { Canvas, PixelRect, Rect } from './types.ts';

/** The least side of anything that is drawn: one sample of chroma. */
const LEAST = 2;

const even = (value: number): number => Math.round(value / 2) * 2;

/** A rectangle in fractions, on even pixels and inside the canvas; what touches keeps touching. */
export function toPixels(rect: Rect, canvas: Canvas): PixelRect {
  const [x, w] = span(rect.x, rect.w, canvas.width);
  const [y, h] = span(rect.y, rect.h, canvas.height);
  return { x, y, w, h };
}

function span(start: number, length: number, limit: number): [number, number] {
  const from = Math.min(Math.max(0, even(start * limit)), limit - LEAST);
  const to = Math.min(Math.max(from + LEAST, even((start + length) * limit)), limit);
  return [from, to - from];
}

export const toFractions = (px: PixelRect, canvas: Canvas): Rect => ({
  x: px.x / canvas.width,
  y: px.y / canvas.height,
  w: px.w / canvas.width,
  h: px.h / canvas.height,
});
