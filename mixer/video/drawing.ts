import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Size } from './fit.ts';
import { type Overlay, overlayFromRgba } from './overlay.ts';
import type { Planes } from './planes.ts';

/** Everything drawn with a canvas passes here: once per change, never per picture. */

/** A drawing of even size, as an overlay. */
export function drawOverlay({ width, height }: Size, draw: (context: SKRSContext2D) => void): Overlay {
  const context = createCanvas(width, height).getContext('2d');
  draw(context);
  return overlayFromRgba(context.getImageData(0, 0, width, height).data, width, height);
}

/** A drawing without transparency, even size. */
export function drawPlanes(size: Size, draw: (context: SKRSContext2D) => void): Planes {
  return drawOverlay(size, draw).planes;
}

let measuring: SKRSContext2D | undefined;

/** For measuring text before it is known how large its drawing will be. */
export function measure(): SKRSContext2D {
  measuring ??= createCanvas(8, 8).getContext('2d');
  return measuring;
}

export const evenUp = (value: number) => Math.ceil(value / 2) * 2;
