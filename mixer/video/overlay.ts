import { intersection, scaled } from './area.ts';
import type { PixelRect } from './fit.ts';
import { fullAt256, type Plane } from './opacity.ts';
import { allocPlanes, type Planes, type Yuv } from './planes.ts';

/** A small drawing with transparency, ready to be blended: alpha in full and in chroma resolution. */
export interface Overlay {
  planes: Planes;
  alpha: Uint8Array;
  chromaAlpha: Uint8Array;
}

/** BT.601, limited range. */
export function toYuv(red: number, green: number, blue: number): Yuv {
  return {
    y: Math.round(16 + (65.738 * red + 129.057 * green + 25.064 * blue) / 256),
    u: Math.round(128 + (-37.945 * red - 74.494 * green + 112.439 * blue) / 256),
    v: Math.round(128 + (112.439 * red - 94.154 * green - 18.285 * blue) / 256),
  };
}

/** From RGBA pixels (not premultiplied); width and height even. */
export function overlayFromRgba(rgba: Uint8ClampedArray, width: number, height: number): Overlay {
  const planes = allocPlanes({ width, height });
  const alpha = new Uint8Array(width * height);
  const chromaAlpha = new Uint8Array((width / 2) * (height / 2));
  for (let at = 0, from = 0; at < alpha.length; at++, from += 4) {
    const opacity = rgba[from + 3]!;
    if (opacity === 0) continue;
    planes.y[at] = Math.round(
      16 + (65.738 * rgba[from]! + 129.057 * rgba[from + 1]! + 25.064 * rgba[from + 2]!) / 256,
    );
    alpha[at] = opacity;
  }
  for (let row = 0, at = 0; row < height / 2; row++)
    for (let column = 0; column < width / 2; column++, at++)
      chromaAt(rgba, width, column * 2, row * 2, planes, chromaAlpha, at);
  return { planes, alpha, chromaAlpha };
}

/** Mean of a 2×2 block, colours weighted by alpha: invisible pixels have no colour of their own. */
function chromaAt(
  rgba: Uint8ClampedArray,
  width: number,
  x: number,
  y: number,
  planes: Planes,
  chromaAlpha: Uint8Array,
  target: number,
): void {
  let red = 0;
  let green = 0;
  let blue = 0;
  let alpha = 0;
  for (let pixel = 0; pixel < 4; pixel++) {
    const at = ((y + (pixel >> 1)) * width + x + (pixel & 1)) * 4;
    const weight = rgba[at + 3]!;
    red += rgba[at]! * weight;
    green += rgba[at + 1]! * weight;
    blue += rgba[at + 2]! * weight;
    alpha += weight;
  }
  if (alpha === 0) return;
  const by = 256 * alpha;
  planes.u[target] = Math.round(128 + (-37.945 * red - 74.494 * green + 112.439 * blue) / by);
  planes.v[target] = Math.round(128 + (112.439 * red - 94.154 * green - 18.285 * blue) / by);
  chromaAlpha[target] = alpha / 4;
}

/** Blends a drawing at (x, y), both even, as far as it lies within `clip`. */
export function blend(
  canvas: Planes,
  overlay: Overlay,
  at: { x: number; y: number },
  clip: PixelRect,
  opacity: number,
): void {
  const { planes } = overlay;
  const part = intersection(clip, { ...at, width: planes.width, height: planes.height });
  if (part === undefined || opacity <= 0) return;
  const layers: [Buffer, Buffer, Uint8Array, number][] = [
    [canvas.y, planes.y, overlay.alpha, 1],
    [canvas.u, planes.u, overlay.chromaAlpha, 2],
    [canvas.v, planes.v, overlay.chromaAlpha, 2],
  ];
  for (const [to, from, alpha, by] of layers) {
    const rect = scaled({ ...at, width: planes.width, height: planes.height }, by);
    blendPlane({ bytes: to, stride: canvas.width / by }, from, alpha, rect, scaled(part, by), opacity);
  }
}

function blendPlane(
  to: Plane,
  from: Buffer,
  alpha: Uint8Array,
  rect: PixelRect,
  part: PixelRect,
  opacity: number,
): void {
  for (let y = part.y; y < part.y + part.height; y++) {
    let target = y * to.stride + part.x;
    let source = (y - rect.y) * rect.width + part.x - rect.x;
    for (const end = target + part.width; target < end; target++, source++) {
      const weight = (fullAt256(alpha[source]!) * opacity) >> 8;
      if (weight === 0) continue;
      const old = to.bytes[target]!;
      to.bytes[target] = old + (((from[source]! - old) * weight + 128) >> 8);
    }
  }
}
