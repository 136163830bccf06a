import type { PixelRect, Size } from './fit.ts';

/** Limited-range BT.601, what browsers send and expect when nothing is said. */
export interface Yuv {
  y: number;
  u: number;
  v: number;
}

/** A picture of ours in memory: three planes (4:2:0), rows without padding. */
export interface Planes extends Size {
  y: Buffer;
  u: Buffer;
  v: Buffer;
}

/** `shared`: memory that worker threads see, too. */
export function allocPlanes(size: Size, shared = false): Planes {
  const luma = size.width * size.height;
  const bytes = luma + luma / 2;
  return planesOver(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes), size);
}

/** Planes over memory laid out as `allocPlanes` does. */
export function planesOver(memory: ArrayBuffer | SharedArrayBuffer, size: Size): Planes {
  const luma = size.width * size.height;
  return {
    width: size.width,
    height: size.height,
    y: Buffer.from(memory, 0, luma),
    u: Buffer.from(memory, luma, luma / 4),
    v: Buffer.from(memory, luma + luma / 4, luma / 4),
  };
}

export function fill(planes: Planes, rect: PixelRect, colour: Yuv): void {
  fillPlane(planes.y, planes.width, rect.x, rect.y, rect.width, rect.height, colour.y);
  const half = halved(rect);
  fillPlane(planes.u, planes.width / 2, half.x, half.y, half.width, half.height, colour.u);
  fillPlane(planes.v, planes.width / 2, half.x, half.y, half.width, half.height, colour.v);
}

/** Copies a whole picture to (x, y), both even. */
export function copyInto(planes: Planes, x: number, y: number, from: Planes): void {
  copyPlane(planes.y, planes.width, x, y, from.y, from.width, from.height);
  copyPlane(planes.u, planes.width / 2, x / 2, y / 2, from.u, from.width / 2, from.height / 2);
  copyPlane(planes.v, planes.width / 2, x / 2, y / 2, from.v, from.width / 2, from.height / 2);
}

/** Darkens a part towards black and takes out most of its colour: a picture that stands still. */
export function dim(planes: Planes, rect: PixelRect): void {
  mapPlane(planes.y, planes.width, rect, (value) => 16 + ((value - 16) * 3) / 8);
  const half = halved(rect);
  mapPlane(planes.u, planes.width / 2, half, (value) => 128 + (value - 128) / 4);
  mapPlane(planes.v, planes.width / 2, half, (value) => 128 + (value - 128) / 4);
}

/** Sub-arrays that begin at (x, y), as a scaler wants its target. */
export function planesAt(planes: Planes, x: number, y: number): Buffer[] {
  const half = planes.width / 2;
  const chroma = (y / 2) * half + x / 2;
  return [planes.y.subarray(y * planes.width + x), planes.u.subarray(chroma), planes.v.subarray(chroma)];
}

function halved(rect: PixelRect): PixelRect {
  return { x: rect.x / 2, y: rect.y / 2, width: rect.width / 2, height: rect.height / 2 };
}

function fillPlane(
  plane: Buffer,
  stride: number,
  x: number,
  y: number,
  width: number,
  height: number,
  value: number,
): void {
  for (let row = y; row < y + height; row++) plane.fill(value, row * stride + x, row * stride + x + width);
}

function copyPlane(
  plane: Buffer,
  stride: number,
  x: number,
  y: number,
  from: Buffer,
  width: number,
  height: number,
): void {
  for (let row = 0; row < height; row++) {
    from.copy(plane, (y + row) * stride + x, row * width, (row + 1) * width);
  }
}

function mapPlane(plane: Buffer, stride: number, rect: PixelRect, map: (value: number) => number): void {
  for (let row = rect.y; row < rect.y + rect.height; row++) {
    const end = row * stride + rect.x + rect.width;
    for (let at = row * stride + rect.x; at < end; at++) plane[at] = map(plane[at]!);
  }
}
