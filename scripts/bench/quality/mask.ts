import { tile } from '../program.ts';

/** The mixer draws a name onto the lower left of a tile; the reference does not. */
const LABEL = { width: tile.width * 0.35, height: tile.height * 0.15 };

/** Whether the pixel of a tile counts: everything but the label's corner, on both sides alike. */
export function isJudged(x: number, y: number): boolean {
  return x >= LABEL.width || y < tile.height - LABEL.height;
}
