import type { Rect } from '../protocol/control.ts';

/** Whole pixels, even, so that the halved chroma planes line up. */
export interface PixelRect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

/** How a source picture gets into a tile. */
export interface Placement {
  /** The part of the source that is drawn. */
  crop: PixelRect;
  /** Where on the canvas it is drawn. */
  target: PixelRect;
  /** Where the whole source picture lands, in fractions of the canvas. */
  picture: Rect;
}

const even = (value: number) => Math.round(value / 2) * 2;

/** A tile of the scene on a canvas of `size`: even, at least 2×2, never past the canvas. */
export function toPixels(rect: Rect, size: Size): PixelRect {
  const [x, width] = span(rect.x, rect.w, size.width);
  const [y, height] = span(rect.y, rect.h, size.height);
  return { x, y, width, height };
}

/** Start and length in whole pixels. Scaling writes natively: what lay outside would hit other memory. */
function span(start: number, length: number, limit: number): [number, number] {
  const from = Math.min(Math.max(0, even(start * limit)), limit - 2);
  const to = Math.min(Math.max(from + 2, even((start + length) * limit)), limit);
  return [from, to - from];
}

/** `cover` fills the tile and cuts what is too much; `contain` shows everything. */
export function place(fit: 'cover' | 'contain', tile: PixelRect, source: Size, canvas: Size): Placement {
  return fit === 'cover' ? cover(tile, source, canvas) : contain(tile, source, canvas);
}

function cover(tile: PixelRect, source: Size, canvas: Size): Placement {
  const scale = Math.max(tile.width / source.width, tile.height / source.height);
  const width = Math.min(source.width, Math.max(2, even(tile.width / scale)));
  const height = Math.min(source.height, Math.max(2, even(tile.height / scale)));
  const crop = {
    x: Math.floor((source.width - width) / 4) * 2,
    y: Math.floor((source.height - height) / 4) * 2,
    width,
    height,
  };
  const stepX = tile.width / width;
  const stepY = tile.height / height;
  const picture = {
    x: (tile.x - crop.x * stepX) / canvas.width,
    y: (tile.y - crop.y * stepY) / canvas.height,
    w: (source.width * stepX) / canvas.width,
    h: (source.height * stepY) / canvas.height,
  };
  return { crop, target: tile, picture };
}

function contain(tile: PixelRect, source: Size, canvas: Size): Placement {
  const scale = Math.min(tile.width / source.width, tile.height / source.height);
  const width = Math.min(tile.width, Math.max(2, even(source.width * scale)));
  const height = Math.min(tile.height, Math.max(2, even(source.height * scale)));
  const target = {
    x: tile.x + Math.floor((tile.width - width) / 4) * 2,
    y: tile.y + Math.floor((tile.height - height) / 4) * 2,
    width,
    height,
  };
  const picture = {
    x: target.x / canvas.width,
    y: target.y / canvas.height,
    w: width / canvas.width,
    h: height / canvas.height,
  };
  return { crop: { x: 0, y: 0, width: source.width, height: source.height }, target, picture };
}
