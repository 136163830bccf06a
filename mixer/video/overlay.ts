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
  for (let at = 0; at < alpha.length; at++) {
    planes.y[at] = toYuv(rgba[at * 4]!, rgba[at * 4 + 1]!, rgba[at * 4 + 2]!).y;
    alpha[at] = rgba[at * 4 + 3]!;
  }
  for (let row = 0; row < height / 2; row++) {
    for (let column = 0; column < width / 2; column++) {
      const at = row * (width / 2) + column;
      const chroma = blockAverage(rgba, width, column * 2, row * 2);
      const colour = toYuv(chroma.red, chroma.green, chroma.blue);
      planes.u[at] = colour.u;
      planes.v[at] = colour.v;
      chromaAlpha[at] = chroma.alpha;
    }
  }
  return { planes, alpha, chromaAlpha };
}

/** Mean of a 2×2 block, colours weighted by alpha. */
function blockAverage(rgba: Uint8ClampedArray, width: number, x: number, y: number) {
  let red = 0;
  let green = 0;
  let blue = 0;
  let alpha = 0;
  for (const at of [
    (y * width + x) * 4,
    (y * width + x + 1) * 4,
    ((y + 1) * width + x) * 4,
    ((y + 1) * width + x + 1) * 4,
  ]) {
    const weight = rgba[at + 3]!;
    red += rgba[at]! * weight;
    green += rgba[at + 1]! * weight;
    blue += rgba[at + 2]! * weight;
    alpha += weight;
  }
  const by = alpha || 1;
  return { red: red / by, green: green / by, blue: blue / by, alpha: alpha / 4 };
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
