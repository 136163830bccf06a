import { drawCounter } from './counter.ts';
import { seededRandom } from './random.ts';

/** Steps in which the page goes by in one loop: every half second of twelve. */
const STEPS = 24;
const LINES = 9;
const POINTER_PX = 14;
const BACKGROUND = 226;
const INK = 44;

/**
 * A shared screen: a page with words and a chart that somebody scrolls through, and a pointer that moves. Steps
 * are small and many, since a coder takes its time after a large one: any few seconds cost about the same.
 */
export class SlidesPicture {
  readonly #page: Uint8Array;
  readonly #width: number;
  readonly #height: number;

  constructor(speaker: number, width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#page = paintSlide(width, height, seededRandom(500 + speaker));
  }

  /** The frame as planar YUV 4:2:0, limited range; `frames` is the length of the loop. */
  draw(frame: number, frames: number): Uint8Array {
    const step = Math.floor((frame / frames) * STEPS);
    const picture = this.#scrolled(2 * Math.round((step * this.#height) / STEPS / 2));
    const turn = (frame / frames) * 2 * Math.PI;
    const x = this.#width * (0.5 + 0.35 * Math.sin(turn * 3));
    const y = this.#height * (0.55 + 0.3 * Math.sin(turn * 5 + 1));
    fillRect(picture, this.#width, { x: x | 0, y: y | 0, w: POINTER_PX, h: POINTER_PX }, 110);
    drawCounter(picture, this.#width, frame);
    return picture;
  }

  /** What leaves at the top comes in at the bottom; an even number of rows. */
  #scrolled(rows: number): Uint8Array {
    const luma = this.#width * this.#height;
    const picture = new Uint8Array(this.#page.length);
    const roll = (from: number, length: number, shift: number) => {
      picture.set(this.#page.subarray(from + shift, from + length), from);
      picture.set(this.#page.subarray(from, from + shift), from + length - shift);
    };
    roll(0, luma, rows * this.#width);
    roll(luma, luma / 4, (rows * this.#width) / 4);
    roll((luma * 5) / 4, luma / 4, (rows * this.#width) / 4);
    return picture;
  }
}

interface Area {
  x: number;
  y: number;
  w: number;
  h: number;
}

function fillRect(luma: Uint8Array, stride: number, { x, y, w, h }: Area, level: number): void {
  for (let row = y; row < y + h; row++) luma.fill(level, row * stride + x, row * stride + x + w);
}

/** A coloured heading, lines of words on the left, bars on the right. */
function paintSlide(width: number, height: number, random: () => number): Uint8Array {
  const picture = new Uint8Array((width * height * 3) / 2).fill(128, width * height);
  picture.fill(BACKGROUND, 0, width * height);
  const unit = height / 720;
  const heading = { x: 0, y: 0, w: width, h: Math.round(96 * unit) };
  fillRect(picture, width, heading, 90);
  tint(picture, width, height, heading, 96 + 64 * random(), 96 + 64 * random());
  writeWords(picture, width, { x: 60 * unit, y: 30 * unit, w: width * 0.45, h: 38 * unit }, 230, random);
  for (let line = 0; line < LINES; line++) {
    const y = (150 + line * 56) * unit;
    writeWords(
      picture,
      width,
      { x: 60 * unit, y, w: width * (0.3 + 0.2 * random()), h: 22 * unit },
      INK,
      random,
    );
  }
  for (let bar = 0; bar < 6; bar++) {
    const h = Math.round((80 + 360 * random()) * unit);
    const x = Math.round(width * 0.6 + bar * 70 * unit);
    const area = { x: x & ~1, y: Math.round(640 * unit) - h, w: Math.round(48 * unit), h };
    fillRect(picture, width, area, 80 + 80 * random());
    tint(picture, width, height, area, 70 + 110 * random(), 70 + 110 * random());
  }
  return picture;
}

/** Strokes as close together as letters, in words of different lengths. */
function writeWords(luma: Uint8Array, stride: number, box: Area, level: number, random: () => number): void {
  const stroke = Math.max(2, Math.round(box.h / 7));
  const end = box.x + box.w;
  for (let x = Math.round(box.x); x < end; x += stroke * 3) {
    for (let letters = 2 + Math.floor(random() * 8); letters > 0 && x < end; letters--) {
      const h = Math.round(box.h * (random() < 0.3 ? 1 : 0.65));
      const y = Math.round(box.y + box.h - h);
      fillRect(luma, stride, { x, y, w: stroke, h }, level);
      if (random() < 0.6) {
        const bow = y + Math.floor(random() * (h - stroke));
        fillRect(luma, stride, { x, y: bow, w: stroke * 3, h: stroke }, level);
      }
      x += stroke * 4;
    }
  }
}

function tint(picture: Uint8Array, width: number, height: number, area: Area, u: number, v: number): void {
  const luma = width * height;
  const half = { x: area.x >> 1, y: area.y >> 1, w: area.w >> 1, h: area.h >> 1 };
  fillRect(picture.subarray(luma, luma + luma / 4), width / 2, half, u);
  fillRect(picture.subarray(luma + luma / 4), width / 2, half, v);
}
