import { expect } from '@jest/globals';
import type { Planes, Yuv } from '../../../mixer/video/planes.ts';

export function pixelAt(planes: Planes, x: number, y: number): Yuv {
  const chroma = Math.floor(y / 2) * (planes.width / 2) + Math.floor(x / 2);
  return { y: planes.y[y * planes.width + x]!, u: planes.u[chroma]!, v: planes.v[chroma]! };
}

/** The pixel at fractions of the canvas. */
export function pixelIn(planes: Planes, x: number, y: number): Yuv {
  return pixelAt(planes, Math.floor(x * planes.width), Math.floor(y * planes.height));
}

export function countOf(plane: Uint8Array, value: number): number {
  let count = 0;
  for (const each of plane) if (each === value) count++;
  return count;
}

/** Coding and scaling change a colour a little. */
export function expectColour(actual: Yuv, wanted: Yuv, tolerance = 6): void {
  const distance = Math.max(
    Math.abs(actual.y - wanted.y),
    Math.abs(actual.u - wanted.u),
    Math.abs(actual.v - wanted.v),
  );
  if (distance > tolerance) expect(actual).toEqual(wanted);
}
