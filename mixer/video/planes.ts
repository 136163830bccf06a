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

/** Planes over memory laid out as `allocPlanes` does, from byte `at` on. */
export function planesOver(memory: ArrayBuffer | SharedArrayBuffer, size: Size, at = 0): Planes {
  const luma = size.width * size.height;
  return {
    width: size.width,
    height: size.height,
    y: Buffer.from(memory, at, luma),
    u: Buffer.from(memory, at + luma, luma / 4),
    v: Buffer.from(memory, at + luma + luma / 4, luma / 4),
  };
}

export function fill(planes: Planes, rect: PixelRect, colour: Yuv): void {
  fillPlane(planes.y, planes.width, rect.x, rect.y, rect.width, rect.height, colour.y);
  const half = halved(rect);
  fillPlane(planes.u, planes.width / 2, half.x, half.y, half.width, half.height, colour.u);
  fillPlane(planes.v, planes.width / 2, half.x, half.y, half.width, half.height, colour.v);
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
