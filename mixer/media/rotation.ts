import { AV_PKT_DATA_DISPLAYMATRIX } from 'node-av/constants';
import type { Stream } from 'node-av/lib';
import type { Planes } from '../video/planes.ts';

/** Quarter turns clockwise that a picture wants before it is shown. */
export type Turns = 0 | 1 | 2 | 3;

const MATRIX_BYTES = 36;

/**
 * How a phone was held: from the display matrix of a track (ISO/IEC 14496-12 8.3.2), of which only its
 * quarter turns are followed.
 */
export function turnsOf(stream: Stream): Turns {
  const matrix = stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
  if (matrix === null || matrix.length < MATRIX_BYTES) return 0;
  // [a b u; c d v; x y w], a to d in 16.16: the picture's axes as they are shown.
  const [a, b] = [matrix.readInt32LE(0), matrix.readInt32LE(4)];
  if (Math.abs(a) >= Math.abs(b)) return a < 0 ? 2 : 0;
  return b > 0 ? 1 : 3;
}

/** Draws `from` turned into `to`, whose sides are those of `from`, changed for a quarter turn. */
export function turn(from: Planes, to: Planes, turns: Turns): void {
  turnPlane(from.y, from.width, to.y, to.width, turns);
  turnPlane(from.u, from.width / 2, to.u, to.width / 2, turns);
  turnPlane(from.v, from.width / 2, to.v, to.width / 2, turns);
}

function turnPlane(from: Buffer, fromWidth: number, to: Buffer, toWidth: number, turns: Turns): void {
  const fromHeight = from.length / fromWidth;
  // Where the top left corner of what is shown comes from, and how far it is to the next column and row.
  const start = [0, (fromHeight - 1) * fromWidth, from.length - 1, fromWidth - 1][turns]!;
  const column = [1, -fromWidth, -1, fromWidth][turns]!;
  const row = [fromWidth, 1, -fromWidth, -1][turns]!;
  const toHeight = to.length / toWidth;
  for (let y = 0, at = 0; y < toHeight; y++) {
    for (let x = 0, source = start + y * row; x < toWidth; x++, source += column) to[at++] = from[source]!;
  }
}
