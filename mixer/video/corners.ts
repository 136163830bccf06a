/** How much of each pixel in the top left corner is covered, 0..255; the others are its mirror images. */
export interface CornerMask {
  luma: { size: number; alpha: Uint8Array };
  chroma: { size: number; alpha: Uint8Array };
}

const shapes = new Map<string, CornerMask>();
const rings = new Map<string, CornerMask>();

/** More would mean that somebody makes up styles; they are small and quickly made. */
const MAX_KEPT = 64;

/** The inside of a rounded corner. @param radius even pixels, above 0 */
export function roundedCorner(radius: number): CornerMask {
  return kept(shapes, `${radius}`, () => cornerMask(radius, (x, y) => coverage(radius, 0, x, y)));
}

/** A frame of `width` pixels along a corner of `radius`. @param width even pixels, above 0 */
export function ringCorner(radius: number, width: number): CornerMask {
  return kept(rings, `${radius}/${width}`, () =>
    cornerMask(Math.max(radius, width), (x, y) =>
      Math.max(0, coverage(radius, 0, x, y) - coverage(Math.max(0, radius - width), width, x, y)),
    ),
  );
}

function kept(masks: Map<string, CornerMask>, key: string, make: () => CornerMask): CornerMask {
  let mask = masks.get(key);
  if (mask === undefined) {
    if (masks.size >= MAX_KEPT) masks.clear();
    mask = make();
    masks.set(key, mask);
  }
  return mask;
}

/**
 * Share of the pixel at (x, y) inside a shape whose edges lie `inset` pixels in and whose corner is
 * rounded with `radius`: by the distance of its middle, which is exact enough to look smooth.
 */
function coverage(radius: number, inset: number, x: number, y: number): number {
  const [dx, dy] = [x + 0.5 - inset, y + 0.5 - inset];
  if (dx < 0 || dy < 0) return 0;
  if (dx >= radius || dy >= radius) return 1;
  return Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(radius - dx, radius - dy)));
}

function cornerMask(size: number, share: (x: number, y: number) => number): CornerMask {
  const alpha = new Uint8Array(size * size);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) alpha[y * size + x] = Math.round(255 * share(x, y));
  const half = size / 2;
  const chroma = new Uint8Array(half * half);
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      const at = 2 * y * size + 2 * x;
      chroma[y * half + x] = Math.round(
        (alpha[at]! + alpha[at + 1]! + alpha[at + size]! + alpha[at + size + 1]!) / 4,
      );
    }
  }
  return { luma: { size, alpha }, chroma: { size: half, alpha: chroma } };
}
