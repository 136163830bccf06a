/**
 * A frame's number drawn into its picture as a row of black and white blocks, so that a decoded
 * program can be matched with the source frames it was made of.
 *
 *     12 blocks, most significant first: 9 bits of the number, 3 bits of check (number mod 7)
 */

const BITS = 9;
const BLOCKS = 12;
const BLACK = 24;
const WHITE = 228;

/** Side of a block in the clip, in pixels; the row stands in the top right corner. */
const BLOCK_PX = 32;
const MARGIN_PX = 32;

/** Number of frames that can be told apart. */
export const counterRange = 1 << BITS;

function blocksOf(frame: number): number {
  return (frame << (BLOCKS - BITS)) | (frame % 7);
}

/** Draws `frame` into a luma plane of the clip's own size. */
export function drawCounter(luma: Uint8Array, width: number, frame: number): void {
  const blocks = blocksOf(frame);
  const left = width - MARGIN_PX - BLOCKS * BLOCK_PX;
  for (let block = 0; block < BLOCKS; block++) {
    const level = (blocks >> (BLOCKS - 1 - block)) & 1 ? WHITE : BLACK;
    for (let y = MARGIN_PX; y < MARGIN_PX + BLOCK_PX; y++) {
      const start = y * width + left + block * BLOCK_PX;
      luma.fill(level, start, start + BLOCK_PX);
    }
  }
}

/** A place inside a larger luma plane where a clip is shown at `scale` (0.5: half size). */
export interface CounterPlace {
  x: number;
  y: number;
  width: number;
  scale: number;
}

/** Reads the number back, or null when the blocks are not a number (another picture, a transition). */
export function readCounter(luma: Uint8Array, stride: number, place: CounterPlace): number | null {
  const size = BLOCK_PX * place.scale;
  const left = place.x + place.width - MARGIN_PX * place.scale - BLOCKS * size;
  const middle = place.y + MARGIN_PX * place.scale + size / 2;
  let blocks = 0;
  for (let block = 0; block < BLOCKS; block++) {
    const level = luma[Math.floor(middle) * stride + Math.floor(left + (block + 0.5) * size)]!;
    if (level > 100 && level < 156) return null;
    blocks = (blocks << 1) | (level >= 156 ? 1 : 0);
  }
  const frame = blocks >> (BLOCKS - BITS);
  return blocksOf(frame) === blocks ? frame : null;
}
