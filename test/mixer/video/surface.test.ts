import { describe, expect, test } from '@jest/globals';
import { roundedCorner } from '../../../mixer/video/corners.ts';
import { OPAQUE } from '../../../mixer/video/opacity.ts';
import { dim, mix, restore, surfaceOf } from '../../../mixer/video/surface.ts';
import { BLUE, GREEN, RED, solid, WHITE } from '../harness/camera.ts';
import { countOf, expectColour, pixelAt } from '../harness/canvas.ts';

const SIZE = { width: 64, height: 32 };
const WHOLE = { x: 0, y: 0, ...SIZE };
const small = surfaceOf(solid({ width: 16, height: 8 }, RED));

describe('a picture drawn onto the canvas', () => {
  test('covers its place and nothing else', () => {
    const canvas = solid(SIZE, WHITE);
    mix(canvas, small, { x: 4, y: 6 }, WHOLE, null, OPAQUE);
    expect(countOf(canvas.y, RED.y)).toBe(128);
    expect(countOf(canvas.u, RED.u)).toBe(32);
    expect(pixelAt(canvas, 4, 6)).toEqual(RED);
    expect(pixelAt(canvas, 19, 13)).toEqual(RED);
  });

  test('is cut by the clip and by the edges of the canvas', () => {
    const canvas = solid(SIZE, WHITE);
    mix(canvas, small, { x: 4, y: 6 }, { x: 10, y: 0, width: 4, height: 10 }, null, OPAQUE);
    expect(countOf(canvas.y, RED.y)).toBe(4 * 4);
    for (const at of [
      { x: -10, y: -4 },
      { x: 60, y: 30 },
      { x: 200, y: 0 },
    ])
      mix(canvas, small, at, WHOLE, null, OPAQUE);
    expect(countOf(canvas.y, RED.y)).toBe(16 + 6 * 4 + 4 * 2);
  });

  test.each([0, 64, 128, 192, 256])('at opacity %i lies that far between', (opacity) => {
    const canvas = solid(SIZE, GREEN);
    mix(canvas, small, { x: 0, y: 0 }, WHOLE, null, opacity);
    const between = (a: number, b: number) => Math.round(a + ((b - a) * opacity) / 256);
    const wanted = { y: between(GREEN.y, RED.y), u: between(GREEN.u, RED.u), v: between(GREEN.v, RED.v) };
    expectColour(pixelAt(canvas, 8, 4), wanted, 1);
    expect(pixelAt(canvas, 30, 4)).toEqual(GREEN);
  });

  test('has round corners, the same in all four, however it is clipped', () => {
    const surface = surfaceOf(solid({ width: 40, height: 24 }, RED));
    const whole = solid(SIZE, BLUE);
    mix(whole, surface, { x: 8, y: 4 }, WHOLE, roundedCorner(8), OPAQUE);
    for (const [x, y] of [
      [8, 4],
      [47, 4],
      [8, 27],
      [47, 27],
    ] as const) {
      expect(pixelAt(whole, x, y).y).toBe(BLUE.y);
    }
    for (let y = 0; y < 24; y++)
      for (let x = 0; x < 40; x++) {
        const here = pixelAt(whole, 8 + x, 4 + y).y;
        expect(here).toBe(pixelAt(whole, 47 - x, 4 + y).y);
        expect(here).toBe(pixelAt(whole, 8 + x, 27 - y).y);
      }
    const parts = solid(SIZE, BLUE);
    for (let x = 0; x < 64; x += 6)
      for (let y = 0; y < 32; y += 10)
        mix(parts, surface, { x: 8, y: 4 }, { x, y, width: 6, height: 10 }, roundedCorner(8), OPAQUE);
    expect(parts.y.equals(whole.y)).toBe(true);
    expect(parts.u.equals(whole.u)).toBe(true);
  });
});

test('a part is put back at its own place', () => {
  const canvas = solid(SIZE, WHITE);
  restore(canvas, solid(SIZE, RED), { x: 2, y: 4, width: 6, height: 8 });
  expect(countOf(canvas.y, RED.y)).toBe(48);
  expect(pixelAt(canvas, 7, 11)).toEqual(RED);
  expect(pixelAt(canvas, 8, 11)).toEqual(WHITE);
});

test('dimming darkens towards black and takes out colour', () => {
  const red = solid(SIZE, RED);
  dim(surfaceOf(red));
  const { y, u, v } = pixelAt(red, 2, 2);
  expect(y).toBe(Math.floor(16 + ((RED.y - 16) * 3) / 8));
  expect(Math.abs(u - 128)).toBeLessThan(Math.abs(RED.u - 128) / 3);
  expect(Math.abs(v - 128)).toBeLessThan(Math.abs(RED.v - 128) / 3);
  const white = solid(SIZE, WHITE);
  dim(surfaceOf(white));
  expect(pixelAt(white, 63, 31)).toEqual({ y: 98, u: 128, v: 128 });
});
