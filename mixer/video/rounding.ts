import { intersection, scaled } from './area.ts';
import type { CornerMask } from './corners.ts';
import type { PixelRect } from './fit.ts';
import { fullAt256, OPAQUE, type Plane, tintPixel } from './opacity.ts';
import type { Planes, Yuv } from './planes.ts';

type Mask = CornerMask['luma'];

/** Puts back what was under the corners of a picture that was drawn over them. */
export function stampCorners(canvas: Planes, under: Planes, rect: PixelRect, corners: CornerMask): void {
  const size = corners.luma.size;
  const far = { x: rect.x + rect.width - size, y: rect.y + rect.height - size };
  for (const x of [rect.x, far.x]) {
    for (const y of [rect.y, far.y]) {
      const flipped = { x: x !== rect.x, y: y !== rect.y };
      stamp(canvas.y, under.y, canvas.width, x, y, corners.luma, flipped);
      stamp(canvas.u, under.u, canvas.width / 2, x / 2, y / 2, corners.chroma, flipped);
      stamp(canvas.v, under.v, canvas.width / 2, x / 2, y / 2, corners.chroma, flipped);
    }
  }
}

function stamp(
  to: Buffer,
  under: Buffer,
  stride: number,
  x: number,
  y: number,
  { size, alpha }: Mask,
  flipped: { x: boolean; y: boolean },
): void {
  for (let row = 0; row < size; row++) {
    const from = (flipped.y ? size - 1 - row : row) * size;
    for (let column = 0; column < size; column++) {
      const weight = fullAt256(alpha[from + (flipped.x ? size - 1 - column : column)]!);
      if (weight === OPAQUE) continue;
      const at = (y + row) * stride + x + column;
      const old = under[at]!;
      to[at] = old + (((to[at]! - old) * weight + 128) >> 8);
    }
  }
}

/** Draws a frame of one colour just inside `rect`, its corners as `ring` says, within `clip`. */
export function drawRing(
  canvas: Planes,
  rect: PixelRect,
  clip: PixelRect,
  ring: CornerMask,
  width: number,
  colour: Yuv,
  opacity: number,
): void {
  const parts: [Buffer, number, number, Mask][] = [
    [canvas.y, 1, colour.y, ring.luma],
    [canvas.u, 2, colour.u, ring.chroma],
    [canvas.v, 2, colour.v, ring.chroma],
  ];
  for (const [bytes, by, value, mask] of parts) {
    const r = scaled(rect, by);
    const c = scaled(clip, by);
    const w = width / by;
    const { size } = mask;
    const plane = { bytes, stride: canvas.width / by };
    const inner = { width: r.width - 2 * size, height: r.height - 2 * size };
    tint(plane, { x: r.x + size, y: r.y, width: inner.width, height: w }, c, value, opacity);
    tint(plane, { x: r.x + size, y: r.y + r.height - w, width: inner.width, height: w }, c, value, opacity);
    tint(plane, { x: r.x, y: r.y + size, width: w, height: inner.height }, c, value, opacity);
    tint(plane, { x: r.x + r.width - w, y: r.y + size, width: w, height: inner.height }, c, value, opacity);
    tintCorners(plane, r, c, mask, value, opacity);
  }
}

function tint(plane: Plane, rect: PixelRect, clip: PixelRect, value: number, opacity: number): void {
  const part = intersection(rect, clip);
  if (part === undefined) return;
  for (let y = part.y; y < part.y + part.height; y++) {
    const start = y * plane.stride + part.x;
    if (opacity >= OPAQUE) plane.bytes.fill(value, start, start + part.width);
    else for (let at = start; at < start + part.width; at++) tintPixel(plane.bytes, at, value, opacity);
  }
}

function tintCorners(
  plane: Plane,
  rect: PixelRect,
  clip: PixelRect,
  { size, alpha }: Mask,
  value: number,
  opacity: number,
): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const weight = (fullAt256(alpha[row * size + column]!) * opacity) >> 8;
      if (weight === 0) continue;
      for (const x of [rect.x + column, rect.x + rect.width - 1 - column]) {
        if (x < clip.x || x >= clip.x + clip.width) continue;
        for (const y of [rect.y + row, rect.y + rect.height - 1 - row]) {
          if (y < clip.y || y >= clip.y + clip.height) continue;
          tintPixel(plane.bytes, y * plane.stride + x, value, weight);
        }
      }
    }
  }
}
