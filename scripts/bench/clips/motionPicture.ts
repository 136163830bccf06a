import { drawCounter } from './counter.ts';
import { CameraNoise } from './noise.ts';
import { seededRandom } from './random.ts';

/** Bands of the landscape, from the horizon to the foreground; nearer ones pass faster. */
const BANDS = 6;
/** Lattices of value noise, coarse to fine, with their amplitudes. */
const octaves = [
  { cellPx: 96, amplitude: 60 },
  { cellPx: 24, amplitude: 34 },
  { cellPx: 6, amplitude: 16 },
] as const;

/** A landscape from a moving window: everything moves all the time, which is what coders like least. */
export class MotionPicture {
  readonly #luma: Uint8Array;
  readonly #chroma: [Uint8Array, Uint8Array];
  readonly #noise: CameraNoise;
  readonly #width: number;
  readonly #height: number;

  constructor(speaker: number, width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#noise = new CameraNoise(speaker);
    this.#luma = paintLuma(width, height, 300 + speaker);
    const plane = (seed: number) => paintTexture(width / 2, height / 2, seed, 48, 44, 128);
    this.#chroma = [plane(400 + speaker), plane(450 + speaker)];
  }

  /** The frame as planar YUV 4:2:0, limited range; `frames` is the length of the loop. */
  draw(frame: number, frames: number): Uint8Array {
    const luma = this.#width * this.#height;
    const picture = new Uint8Array((luma * 3) / 2);
    const progress = frame / frames;
    roll(picture.subarray(0, luma), this.#luma, this.#width, this.#height, progress);
    roll(picture.subarray(luma), this.#chroma[0], this.#width / 2, this.#height / 2, progress);
    roll(picture.subarray(luma + luma / 4), this.#chroma[1], this.#width / 2, this.#height / 2, progress);
    this.#noise.add(picture, luma);
    drawCounter(picture, this.#width, frame);
    return picture;
  }
}

/** Each band goes round a whole number of times in one loop, so that the loop has no seam. */
function roll(to: Uint8Array, from: Uint8Array, width: number, height: number, progress: number): void {
  for (let row = 0; row < height; row++) {
    const band = Math.floor((row * BANDS) / height);
    const shift = Math.floor(progress * (band + 1) * width) % width;
    const start = row * width;
    to.set(from.subarray(start + shift, start + width), start);
    to.set(from.subarray(start, start + shift), start + width - shift);
  }
}

function paintLuma(width: number, height: number, seed: number): Uint8Array {
  const picture = new Uint8Array(width * height);
  const layers = octaves.map(({ cellPx, amplitude }, at) =>
    paintTexture(width, height, seed + at, cellPx, amplitude, amplitude / 2),
  );
  for (let at = 0; at < picture.length; at++) {
    let level = 70;
    for (const layer of layers) level += layer[at]!;
    picture[at] = Math.max(16, Math.min(235, level));
  }
  return picture;
}

/** Value noise that repeats at the right edge: 0 … `amplitude`, moved so that `mean` is its middle. */
function paintTexture(
  width: number,
  height: number,
  seed: number,
  cellPx: number,
  amplitude: number,
  mean: number,
): Uint8Array {
  const random = seededRandom(seed);
  const columns = Math.max(1, Math.round(width / cellPx));
  const rows = Math.ceil(height / cellPx) + 1;
  const lattice = Float32Array.from({ length: columns * rows }, () => random());
  const texture = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const top = Math.floor(y / cellPx);
    const fy = y / cellPx - top;
    for (let x = 0; x < width; x++) {
      const across = (x * columns) / width;
      const left = Math.floor(across);
      const fx = across - left;
      const right = (left + 1) % columns;
      const upper = lattice[top * columns + left]! * (1 - fx) + lattice[top * columns + right]! * fx;
      const below = (top + 1) * columns;
      const lower = lattice[below + left]! * (1 - fx) + lattice[below + right]! * fx;
      texture[y * width + x] = mean + amplitude * (upper * (1 - fy) + lower * fy - 0.5);
    }
  }
  return texture;
}
