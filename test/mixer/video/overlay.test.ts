import { describe, expect, test } from '@jest/globals';
import { OPAQUE } from '../../../mixer/video/opacity.ts';
import { blend, overlayFromRgba, toYuv } from '../../../mixer/video/overlay.ts';
import { BLUE, GREEN, RED, solid, WHITE } from '../harness/camera.ts';
import { countOf, expectColour, pixelAt } from '../harness/canvas.ts';
import { Random } from '../harness/random.ts';

const rgba = (width: number, height: number, pixel: (x: number, y: number) => number[]) => {
  const bytes = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) bytes.set(pixel(x, y), (y * width + x) * 4);
  return bytes;
};

describe('BT.601, limited range', () => {
  test.each([
    ['black', [0, 0, 0], { y: 16, u: 128, v: 128 }],
    ['white', [255, 255, 255], { y: 235, u: 128, v: 128 }],
    ['grey', [128, 128, 128], { y: 126, u: 128, v: 128 }],
    ['red', [255, 0, 0], { y: 81, u: 90, v: 240 }],
    ['green', [0, 255, 0], { y: 145, u: 54, v: 34 }],
    ['blue', [0, 0, 255], { y: 41, u: 240, v: 110 }],
    ['yellow', [255, 255, 0], { y: 210, u: 16, v: 146 }],
  ])('%s', (_, [red, green, blue], wanted) => {
    expectColour(toYuv(red!, green!, blue!), wanted, 1);
  });

  test('every colour stays within the limits', () => {
    const random = new Random(1);
    for (let i = 0; i < 2000; i++) {
      const { y, u, v } = toYuv(random.below(256), random.below(256), random.below(256));
      expect(y >= 16 && y <= 235 && u >= 16 && u <= 240 && v >= 16 && v <= 240).toBe(true);
    }
  });
});

describe('a drawing blended onto the canvas', () => {
  const size = { width: 16, height: 8 };
  const onto = (overlay: ReturnType<typeof overlayFromRgba>, x = 4, y = 2) => {
    const canvas = solid(size, GREEN);
    blend(canvas, overlay, { x, y }, { x: 0, y: 0, ...size }, OPAQUE);
    return canvas;
  };

  test('opaque: covers exactly, at its place only', () => {
    const canvas = onto(
      overlayFromRgba(
        rgba(8, 4, () => [255, 0, 0, 255]),
        8,
        4,
      ),
    );
    expectColour(pixelAt(canvas, 4, 2), RED, 1);
    expectColour(pixelAt(canvas, 11, 5), RED, 1);
    expect(pixelAt(canvas, 12, 5)).toEqual(GREEN);
    expect(countOf(canvas.y, GREEN.y)).toBe(16 * 8 - 8 * 4);
  });

  test('transparent: changes nothing', () => {
    const canvas = onto(
      overlayFromRgba(
        rgba(8, 4, () => [255, 0, 0, 0]),
        8,
        4,
      ),
    );
    expect(canvas.y.equals(solid(size, GREEN).y)).toBe(true);
    expect(canvas.u.equals(solid(size, GREEN).u)).toBe(true);
  });

  test('half: lies in the middle', () => {
    const canvas = onto(
      overlayFromRgba(
        rgba(8, 4, () => [0, 0, 255, 128]),
        8,
        4,
      ),
    );
    const half = (a: number, b: number) => Math.round((a + b) / 2);
    expectColour(
      pixelAt(canvas, 6, 4),
      { y: half(GREEN.y, BLUE.y), u: half(GREEN.u, BLUE.u), v: half(GREEN.v, BLUE.v) },
      2,
    );
  });

  test('blended onto its own colour it changes nothing, at any strength', () => {
    for (const alpha of [1, 40, 127, 128, 200, 254, 255]) {
      const canvas = solid(size, WHITE);
      blend(
        canvas,
        overlayFromRgba(
          rgba(8, 4, () => [255, 255, 255, alpha]),
          8,
          4,
        ),
        { x: 0, y: 0 },
        { x: 0, y: 0, ...size },
        OPAQUE,
      );
      expectColour(pixelAt(canvas, 3, 3), WHITE, 1);
    }
  });

  test('the colour of invisible pixels does not bleed into their neighbours', () => {
    const stripes = overlayFromRgba(
      rgba(8, 4, (x) => (x % 2 === 0 ? [255, 0, 0, 255] : [0, 255, 0, 0])),
      8,
      4,
    );
    expect(stripes.planes.v[0]).toBe(RED.v);
    expect(stripes.chromaAlpha[0]).toBe(127);
  });
});
