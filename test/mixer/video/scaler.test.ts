import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
} from 'node-av/constants';
import { fill } from '../../../mixer/video/planes.ts';
import { Scaler } from '../../../mixer/video/scaler.ts';
import { BLUE, GREEN, RED, solid, WHITE } from '../harness/camera.ts';
import { countOf, expectColour, pixelAt } from '../harness/canvas.ts';
import { frameOf } from '../harness/pictures.ts';
import { Random } from '../harness/random.ts';

const CANVAS = { width: 128, height: 72 };
const TARGET = { x: 32, y: 16, width: 48, height: 28 };
const whole = (size: { width: number; height: number }) => ({
  x: 0,
  y: 0,
  width: size.width,
  height: size.height,
});

let scaler: Scaler;
beforeEach(() => {
  scaler = new Scaler();
});
afterEach(() => {
  scaler.close();
});

/** A canvas of white on which a picture was drawn. */
function drawn(
  ...[picture, crop, target]: [Parameters<Scaler['scale']>[0], Parameters<Scaler['scale']>[1], typeof TARGET]
) {
  const canvas = solid(CANVAS, WHITE);
  if (scaler.scale(picture, crop, target)) scaler.place(canvas, target);
  picture.free();
  return canvas;
}

test.each([
  [640, 360],
  [48, 28],
  [16, 16],
  [2, 2],
  [639, 361],
])('a picture of %i×%i fills its place and touches nothing else', (width, height) => {
  const canvas = drawn(frameOf({ ...RED, width, height }), whole({ width, height }), TARGET);
  expectColour(pixelAt(canvas, 32, 16), RED, 2);
  expectColour(pixelAt(canvas, 79, 43), RED, 2);
  expect(countOf(canvas.y, WHITE.y)).toBe(128 * 72 - 48 * 28);
  expect(countOf(canvas.u, WHITE.u)).toBe(64 * 36 - 24 * 14);
});

test('only the part asked for is drawn', () => {
  const source = solid({ width: 64, height: 64 }, GREEN);
  fill(source, { x: 16, y: 32, width: 32, height: 16 }, BLUE);
  const canvas = drawn(frameOf(source), { x: 16, y: 32, width: 32, height: 16 }, TARGET);
  for (const [x, y] of [
    [33, 17],
    [78, 42],
    [56, 30],
  ] as const)
    expectColour(pixelAt(canvas, x, y), BLUE, 2);
});

test('the bottom right corner of the canvas can be drawn on', () => {
  const target = { x: 126, y: 70, width: 2, height: 2 };
  const canvas = drawn(
    frameOf({ ...RED, width: 320, height: 180 }),
    whole({ width: 320, height: 180 }),
    target,
  );
  expectColour(pixelAt(canvas, 127, 71), RED, 2);
  expect(countOf(canvas.y, WHITE.y)).toBe(128 * 72 - 4);
});

test('a picture of the size wanted arrives as it is, pixel by pixel', () => {
  const random = new Random(3);
  const from = solid({ width: TARGET.width, height: TARGET.height }, WHITE);
  for (const plane of [from.y, from.u, from.v])
    for (let at = 0; at < plane.length; at++) plane[at] = random.below(256);
  const canvas = drawn(frameOf(from), whole(TARGET), TARGET);
  for (let row = 0; row < TARGET.height; row++)
    expect(rowOf(canvas.y, CANVAS.width, TARGET.x, TARGET.y + row, TARGET.width)).toEqual(
      rowOf(from.y, TARGET.width, 0, row, TARGET.width),
    );
  for (const plane of ['u', 'v'] as const)
    for (let row = 0; row < TARGET.height / 2; row++)
      expect(
        rowOf(canvas[plane], CANVAS.width / 2, TARGET.x / 2, TARGET.y / 2 + row, TARGET.width / 2),
      ).toEqual(rowOf(from[plane], TARGET.width / 2, 0, row, TARGET.width / 2));
});

const rowOf = (plane: Buffer, stride: number, x: number, y: number, width: number) =>
  plane.subarray(y * stride + x, y * stride + x + width);

test('sizes may change with every picture', () => {
  const canvas = solid(CANVAS, WHITE);
  for (let i = 0; i < 40; i++) {
    const colour = i % 2 === 0 ? RED : BLUE;
    const size = { width: 16 + 14 * i, height: 16 + 9 * i };
    const picture = frameOf({ ...colour, ...size });
    expect(scaler.scale(picture, whole(size), TARGET)).toBe(true);
    scaler.place(canvas, TARGET);
    picture.free();
    expectColour(pixelAt(canvas, 56, 30), colour, 2);
  }
});

describe('what other senders may send', () => {
  test.each([
    ['4:4:4', AV_PIX_FMT_YUV444P, RED],
    ['4:2:2', AV_PIX_FMT_YUV422P, RED],
    ['grey', AV_PIX_FMT_GRAY8, { y: RED.y, u: 128, v: 128 }],
  ])('%s keeps its colours', (_, format, colour) => {
    const size = { width: 64, height: 48 };
    const canvas = drawn(frameOf({ ...RED, ...size }, format), { x: 8, y: 0, width: 48, height: 48 }, TARGET);
    expectColour(pixelAt(canvas, 56, 30), colour, 6);
    expect(pixelAt(canvas, 20, 10)).toEqual(WHITE);
  });

  test.each([
    ['whole', { x: 0, y: 0, width: 64, height: 48 }],
    ['cropped', { x: 8, y: 0, width: 48, height: 48 }],
  ])('full range is brought to limited range, %s', (_, crop) => {
    const picture = frameOf({ y: 255, u: 128, v: 128, width: 64, height: 48 }, AV_PIX_FMT_YUVJ420P);
    expectColour(pixelAt(drawn(picture, crop, TARGET), 56, 30), { y: 235, u: 128, v: 128 }, 2);
  });

  test.each([
    [16_382, 2, 2, 2],
    [2, 16_382, 2, 2],
    [2, 8192, 128, 2],
    [3, 3, 128, 72],
    [2, 2, 128, 72],
  ])('%i×%i drawn into %i×%i does no harm', (width, height, targetWidth, targetHeight) => {
    const target = { x: 0, y: 0, width: targetWidth, height: targetHeight };
    const canvas = drawn(frameOf({ ...RED, width, height }), whole({ width, height }), target);
    expectColour(pixelAt(canvas, 0, 0), RED, 8);
    expect(countOf(canvas.y, WHITE.y)).toBe(128 * 72 - targetWidth * targetHeight);
  });
});

test('a shape that cannot be scaled is refused, and the next one drawn', () => {
  const target = { x: 0, y: 0, ...CANVAS };
  const strip = frameOf({ ...RED, width: 16_382, height: 2 });
  for (let i = 0; i < 2; i++) expect(scaler.scale(strip, whole(strip), target)).toBe(false);
  strip.free();
  const canvas = drawn(frameOf({ ...RED, width: 64, height: 36 }), whole({ width: 64, height: 36 }), target);
  expectColour(pixelAt(canvas, 127, 71), RED, 2);
});

test('closing twice is legal', () => {
  scaler.close();
  scaler.close();
});

describe('text on a screen', () => {
  /** Dark letters on light ground: strokes of two pixels. */
  const page = () => {
    const planes = solid({ width: 256, height: 144 }, WHITE);
    for (let x = 8; x < 248; x += 12) fill(planes, { x, y: 20, width: 2, height: 100 }, { ...WHITE, y: 30 });
    return planes;
  };
  const shown = (size: { width: number; height: number }, quality: 'smooth' | 'sharp') => {
    const canvas = solid(CANVAS, BLUE);
    const picture = frameOf(page());
    expect(scaler.scale(picture, whole(picture), size, quality)).toBe(true);
    scaler.place(canvas, { x: 0, y: 0 });
    picture.free();
    return [...canvas.y.subarray(30 * CANVAS.width, 30 * CANVAS.width + size.width)];
  };

  test('has no halo: nothing becomes lighter than the paper or darker than the ink', () => {
    for (const size of [CANVAS, { width: 100, height: 56 }, { width: 86, height: 48 }]) {
      const row = shown(size, 'sharp');
      expect(Math.max(...row)).toBeLessThanOrEqual(WHITE.y);
      expect(Math.min(...row)).toBeGreaterThanOrEqual(30);
    }
  });

  test('is sharper than a face: ink stays darker', () => {
    const darkest = (quality: 'smooth' | 'sharp') => Math.min(...shown({ width: 100, height: 56 }, quality));
    expect(darkest('sharp')).toBeLessThan(darkest('smooth') - 10);
  });

  test('in its own size is not touched', () => {
    const picture = frameOf(solid(CANVAS, RED));
    const canvas = solid(CANVAS, WHITE);
    scaler.scale(picture, whole(picture), CANVAS, 'sharp');
    scaler.place(canvas, { x: 0, y: 0 });
    picture.free();
    expect(countOf(canvas.y, RED.y)).toBe(CANVAS.width * CANVAS.height);
    expect(countOf(canvas.v, RED.v)).toBe((CANVAS.width * CANVAS.height) / 4);
  });
});
