import type { Flow, PixelRect } from './types.ts';

interface Shape {
  columns: number;
  rows: number;
  w: number;
  h: number;
}

/** Tiles in one picture at most. */
export const MOST_TILES = 25;

const WIDE = [16, 9] as const;

const even = (value: number): number => Math.max(2, Math.floor(value / 2) * 2);

/** Nobody is drawn smaller than this, in pixels. */
const LEAST_SIDE = 16;

/** How many tiles there can be. */
export function capacityOf(box: PixelRect, { arrange, max }: Flow, gap: number): number {
  const along = (space: number): number => Math.max(1, Math.floor((space + gap) / (LEAST_SIDE + gap)));
  const columns = arrange === 'column' ? 1 : along(box.w);
  const rows = arrange === 'row' ? 1 : along(box.h);
  return Math.min(max ?? MOST_TILES, columns * rows);
}

/** Where `count` equal tiles stand in a box, row by row, each row centred; `gap` in even pixels. */
export function flowInto(box: PixelRect, flow: Flow, count: number, gap: number): PixelRect[] {
  if (count === 0) return [];
  const { columns, rows, w, h } = shapeOf(box, flow, count, gap);
  const top = box.y + centred(box.h, rows, h, gap);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = box.x + centred(box.w, inRow, w, gap);
    return { x: left + (index % columns) * (w + gap), y: top + row * (h + gap), w, h };
  });
}

function shapeOf(box: PixelRect, flow: Flow, count: number, gap: number): Shape {
  const { arrange, aspect = WIDE } = flow;
  const ratio = aspect && aspect[0] / aspect[1];
  if (arrange === 'row') return shape(box, ratio, count, count, gap);
  if (arrange === 'column') return shape(box, ratio, count, 1, gap);
  const shapes = Array.from({ length: count }, (_, index) => shape(box, ratio, count, index + 1, gap));
  // Gaps alone may be more than the box holds.
  const fitting = shapes.filter(
    ({ columns, rows, w, h }) =>
      columns * w + (columns - 1) * gap <= box.w && rows * h + (rows - 1) * gap <= box.h,
  );
  return ratio === null ? widest(fitting) : largest(fitting);
}

/** Tile size when `count` tiles stand in `columns` columns. */
function shape(box: PixelRect, ratio: number | null, count: number, columns: number, gap: number): Shape {
  const rows = Math.ceil(count / columns);
  const roomW = (box.w - gap * (columns - 1)) / columns;
  const roomH = (box.h - gap * (rows - 1)) / rows;
  if (ratio === null) return { columns, rows, w: even(roomW), h: even(roomH) };
  const w = even(Math.min(roomW, roomH * ratio));
  return { columns, rows, w, h: even(Math.min(roomH, w / ratio)) };
}

/** The shape with the largest tiles; of equals the one with more columns, for screens are wide. */
const largest = (shapes: Shape[]): Shape =>
  shapes.reduce((best, next) => (next.w * next.h >= best.w * best.h && next.rows <= best.rows ? next : best));

/** All fill the box: the one whose tiles are most like 16:9. */
function widest(shapes: Shape[]): Shape {
  const off = ({ w, h }: Shape): number => Math.abs(Math.log((w / h) * (WIDE[1] / WIDE[0])));
  return shapes.reduce((best, next) => (off(next) < off(best) ? next : best));
}

/** Where `n` things of `size` must begin to stand in the middle of `space`; even. */
function centred(space: number, n: number, size: number, gap: number): number {
  return Math.max(0, Math.floor((space - n * size - (n - 1) * gap) / 4) * 2);
}
