import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { AV_PIX_FMT_RGBA, AV_PIX_FMT_YUV420P, SWS_BILINEAR } from 'node-av/constants';
import { SoftwareScaleContext } from 'node-av/lib';
import type { Size } from './fit.ts';
import { type Overlay, overlayFromRgba } from './overlay.ts';
import { allocPlanes, type Planes } from './planes.ts';
import { surfaceOf } from './surface.ts';

/** Everything drawn with a canvas passes here: once per change, never per picture. */

/** A drawing of even size, as an overlay. */
export function drawOverlay({ width, height }: Size, draw: (context: SKRSContext2D) => void): Overlay {
  const context = createCanvas(width, height).getContext('2d');
  draw(context);
  return overlayFromRgba(context.getImageData(0, 0, width, height).data, width, height);
}

/** A drawing that leaves nothing transparent, even size. */
export function drawPlanes(size: Size, draw: (context: SKRSContext2D) => void): Planes {
  const { width, height } = size;
  const canvas = createCanvas(width, height);
  draw(canvas.getContext('2d'));
  const planes = allocPlanes(size);
  const context = new SoftwareScaleContext();
  context.getContext(width, height, AV_PIX_FMT_RGBA, width, height, AV_PIX_FMT_YUV420P, SWS_BILINEAR);
  const to = surfaceOf(planes);
  context.scaleSync([canvas.data()], [width * 4], 0, height, to.planes, to.strides);
  context.freeContext();
  return planes;
}

let measuring: SKRSContext2D | undefined;

/** For measuring text before it is known how large its drawing will be. */
export function measure(): SKRSContext2D {
  measuring ??= createCanvas(8, 8).getContext('2d');
  return measuring;
}

export const evenUp = (value: number) => Math.ceil(value / 2) * 2;
