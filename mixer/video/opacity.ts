/** Opacities are whole numbers from 0 to this. */
export const OPAQUE = 256;

/** One plane of a picture. */
export interface Plane {
  bytes: Buffer;
  stride: number;
}

/** 255 counts as 256, so that a division by 255 becomes a shift. */
export const fullAt256 = (alpha: number) => alpha + (alpha >> 7);

/** Mixes one pixel with a colour. */
export function tintPixel(bytes: Buffer, at: number, value: number, weight: number): void {
  const old = bytes[at]!;
  bytes[at] = old + (((value - old) * weight + 128) >> 8);
}
