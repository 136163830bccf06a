import type { Size } from '../video/fit.ts';
import { type Planes, planesOver } from '../video/planes.ts';

/** Decoded pictures that wait for their moment. */
export const SLOTS = 8;

/** Pictures larger than this many canvases are made smaller: nobody would see the difference. */
const MAX_CANVASES = 2;

/** Memory that the thread which decodes a file and the one which shows it both see: one picture per slot. */
export const allocSlots = (canvas: Size): SharedArrayBuffer =>
  new SharedArrayBuffer(SLOTS * bytesFor(canvas));

export function slotAt(memory: SharedArrayBuffer, slot: number, size: Size): Planes {
  const bytes = memory.byteLength / SLOTS;
  return planesOver(memory, size, slot * bytes);
}

/** The size in which a picture is handed over: even, and not much larger than the canvas. */
export function handedSize(picture: Size, canvas: Size): Size {
  const room = MAX_CANVASES * canvas.width * canvas.height;
  const scale = Math.min(1, Math.sqrt(room / (picture.width * picture.height)));
  const even = (length: number) => Math.max(2, Math.floor((length * scale) / 2) * 2);
  const size = { width: even(picture.width), height: even(picture.height) };
  // A line of one pixel times many thousands.
  const most = (other: number) => Math.max(2, Math.floor(room / other / 2) * 2);
  if (size.width * size.height > room) {
    if (size.width > size.height) size.width = most(size.height);
    else size.height = most(size.width);
  }
  return size;
}

const bytesFor = ({ width, height }: Size) => Math.ceil((MAX_CANVASES * width * height * 3) / 2 / 64) * 64;
