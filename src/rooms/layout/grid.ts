import type { Canvas, GridDocument, PixelRect } from './types.ts';

interface Shape {
  columns: number;
  rows: number;
  w: number;
  h: number;
}

const even = (value: number): number => Math.max(2, Math.floor(value / 2) * 2);

/** Tile size when `count` tiles stand in `columns` columns. */
function shape(document: GridDocument, count: number, columns: number, canvas: Canvas, gap: number): Shape {
  const rows = Math.ceil(count / columns);
  const aspect = document.aspect[0] / document.aspect[1];
  const roomW = (canvas.width - gap * (columns - 1)) / columns;
  const roomH = (canvas.height - gap * (rows - 1)) / rows;
  const w = even(Math.min(roomW, roomH * aspect));
  return { columns, rows, w, h: even(Math.min(roomH, w / aspect)) };
}

/** The shape with the largest tiles; of equals the one with more columns, for screens are wide. */
function largest(document: GridDocument, count: number, canvas: Canvas, gap: number): Shape {
  let best = shape(document, count, 1, canvas, gap);
  for (let columns = 2; columns <= count; columns++) {
    const next = shape(document, count, columns, canvas, gap);
    if (next.w * next.h >= best.w * best.h && next.rows <= best.rows) best = next;
  }
  return best;
}

/** Where `count` equal tiles stand, row by row, each row centred. */
export function solveGrid(document: GridDocument, count: number, canvas: Canvas): PixelRect[] {
  if (count === 0) return [];
  const gap = Math.floor((document.gap * canvas.height) / 2) * 2;
  const { columns, rows, w, h } = largest(document, count, canvas, gap);
  const top = centred(canvas.height, rows, h, gap);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = centred(canvas.width, inRow, w, gap);
    return { x: left + (index % columns) * (w + gap), y: top + row * (h + gap), w, h };
  });
}

/** Where `n` things of `size` must begin to stand in the middle of `space`; even. */
function centred(space: number, n: number, size: number, gap: number): number {
  return Math.max(0, Math.floor((space - n * size - (n - 1) * gap) / 4) * 2);
}
