import { intersection, scaled } from './area.ts';
import type { CornerMask } from './corners.ts';
import type { PixelRect, Size } from './fit.ts';
import { fullAt256, OPAQUE, type Plane } from './opacity.ts';
import type { Planes } from './planes.ts';

/** A picture of ours in three planes (4:2:0) with rows of any length. */
export interface Surface extends Size {
  planes: Buffer[];
  strides: number[];
}

export const surfaceOf = (planes: Planes): Surface => ({
  width: planes.width,
  height: planes.height,
  planes: [planes.y, planes.u, planes.v],
  strides: [planes.width, planes.width / 2, planes.width / 2],
});

/** Copies a part of a picture of the same size, at its own place. */
export function restore(canvas: Planes, from: Planes, rect: PixelRect): void {
  mix(canvas, surfaceOf(from), { x: 0, y: 0 }, rect, null, OPAQUE);
}

/**
 * Draws `surface` with its top left corner at `at`, as far as it lies within `clip`; its corners cut by
 * `corners`. All numbers but opacity are even.
 */
export function mix(
  canvas: Planes,
  surface: Surface,
  at: { x: number; y: number },
  clip: PixelRect,
  corners: CornerMask | null,
  opacity: number,
): void {
  const part = intersection(clip, { ...at, width: surface.width, height: surface.height });
  if (part === undefined || opacity <= 0) return;
  const targets = [canvas.y, canvas.u, canvas.v];
  for (let plane = 0; plane < 3; plane++) {
    const by = plane === 0 ? 1 : 2;
    mixPlane(
      { bytes: targets[plane]!, stride: canvas.width / by },
      { bytes: surface.planes[plane]!, stride: surface.strides[plane]! },
      scaled({ ...at, width: surface.width, height: surface.height }, by),
      scaled(part, by),
      corners === null ? null : by === 1 ? corners.luma : corners.chroma,
      opacity,
    );
  }
}

interface Mask {
  size: number;
  alpha: Uint8Array;
}

function mixPlane(
  to: Plane,
  from: Plane,
  rect: PixelRect,
  part: PixelRect,
  mask: Mask | null,
  opacity: number,
): void {
  const size = mask?.size ?? 0;
  const left = Math.max(part.x, rect.x + size);
  const right = Math.min(part.x + part.width, rect.x + rect.width - size);
  for (let y = part.y; y < part.y + part.height; y++) {
    const row = y - rect.y;
    const toRow = y * to.stride;
    const fromRow = row * from.stride - rect.x;
    const inCorner = Math.min(row, rect.height - 1 - row);
    if (mask === null || inCorner >= size) {
      mixRow(to.bytes, toRow, from.bytes, fromRow, part.x, part.x + part.width, opacity);
      continue;
    }
    if (right > left) mixRow(to.bytes, toRow, from.bytes, fromRow, left, right, opacity);
    for (let x = part.x; x < part.x + part.width; x++) {
      if (x === left && right > left) x = right;
      if (x >= part.x + part.width) break;
      const column = Math.min(x - rect.x, rect.x + rect.width - 1 - x);
      const weight = column >= size ? OPAQUE : fullAt256(mask.alpha[inCorner * size + column]!);
      const old = to.bytes[toRow + x]!;
      to.bytes[toRow + x] = old + (((from.bytes[fromRow + x]! - old) * ((weight * opacity) >> 8) + 128) >> 8);
    }
  }
}

function mixRow(
  to: Buffer,
  toRow: number,
  from: Buffer,
  fromRow: number,
  start: number,
  end: number,
  opacity: number,
): void {
  if (opacity >= OPAQUE) {
    from.copy(to, toRow + start, fromRow + start, fromRow + end);
    return;
  }
  for (let x = start; x < end; x++) {
    const old = to[toRow + x]!;
    to[toRow + x] = old + (((from[fromRow + x]! - old) * opacity + 128) >> 8);
  }
}

/** Darkens a picture towards black and takes out most of its colour: it stands still. */
export function dim(surface: Surface): void {
  mapPlane(surface, 0, (value) => 16 + ((value - 16) * 3) / 8);
  mapPlane(surface, 1, (value) => 128 + (value - 128) / 4);
  mapPlane(surface, 2, (value) => 128 + (value - 128) / 4);
}

function mapPlane(surface: Surface, plane: number, map: (value: number) => number): void {
  const bytes = surface.planes[plane]!;
  const by = plane === 0 ? 1 : 2;
  for (let row = 0; row < surface.height / by; row++) {
    const start = row * surface.strides[plane]!;
    for (let at = start; at < start + surface.width / by; at++) bytes[at] = map(bytes[at]!);
  }
}
