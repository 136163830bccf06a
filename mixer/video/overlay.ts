import type { Planes, Yuv } from './planes.ts';
import { allocPlanes } from './planes.ts';

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

/** Blends at (x, y), both even; what reaches past the canvas must have been avoided by the caller. */
export function blend(canvas: Planes, overlay: Overlay, x: number, y: number): void {
  const { planes } = overlay;
  blendPlane(canvas.y, canvas.width, x, y, planes.y, overlay.alpha, planes.width, planes.height);
  const half = canvas.width / 2;
  blendPlane(
    canvas.u,
    half,
    x / 2,
    y / 2,
    planes.u,
    overlay.chromaAlpha,
    planes.width / 2,
    planes.height / 2,
  );
  blendPlane(
    canvas.v,
    half,
    x / 2,
    y / 2,
    planes.v,
    overlay.chromaAlpha,
    planes.width / 2,
    planes.height / 2,
  );
}

function blendPlane(
  plane: Buffer,
  stride: number,
  x: number,
  y: number,
  from: Buffer,
  alpha: Uint8Array,
  width: number,
  height: number,
): void {
  for (let row = 0; row < height; row++) {
    let target = (y + row) * stride + x;
    let source = row * width;
    for (let column = 0; column < width; column++, target++, source++) {
      const weight = alpha[source]!;
      if (weight === 0) continue;
      const old = plane[target]!;
      // 255 counts as 256, so that a division by 255 becomes a shift.
      plane[target] = old + (((from[source]! - old) * (weight + (weight >> 7)) + 128) >> 8);
    }
  }
}
