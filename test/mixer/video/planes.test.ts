import { expect, test } from '@jest/globals';
import { allocPlanes, copyInto, dim, fill, planesAt } from '../../../mixer/video/planes.ts';
import { RED, solid, WHITE } from '../harness/camera.ts';
import { countOf, pixelAt } from '../harness/canvas.ts';

const SIZE = { width: 40, height: 20 };

test('planes are views of one memory, shared when asked for', () => {
  const planes = allocPlanes(SIZE, true);
  expect(planes.y.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect([planes.y.length, planes.u.length, planes.v.length]).toEqual([800, 200, 200]);
  expect(planes.v.byteOffset + planes.v.length).toBe(1200);
});

test('a rectangle is filled, and nothing beside it', () => {
  const planes = solid(SIZE, WHITE);
  fill(planes, { x: 4, y: 6, width: 10, height: 8 }, RED);
  expect(countOf(planes.y, RED.y)).toBe(80);
  expect(countOf(planes.u, RED.u)).toBe(20);
  expect(countOf(planes.v, RED.v)).toBe(20);
  expect(pixelAt(planes, 4, 6)).toEqual(RED);
  expect(pixelAt(planes, 13, 13)).toEqual(RED);
  expect(pixelAt(planes, 14, 13)).toEqual(WHITE);
  expect(pixelAt(planes, 3, 6)).toEqual(WHITE);
});

test('a picture is copied to its place, and nothing beside it', () => {
  const planes = solid(SIZE, WHITE);
  copyInto(planes, 28, 12, solid({ width: 12, height: 8 }, RED));
  expect(countOf(planes.y, RED.y)).toBe(96);
  expect(countOf(planes.u, RED.u)).toBe(24);
  expect(pixelAt(planes, 28, 12)).toEqual(RED);
  expect(pixelAt(planes, 39, 19)).toEqual(RED);
  expect(pixelAt(planes, 27, 12)).toEqual(WHITE);
});

test('dimming darkens towards black and takes out colour, within its rectangle', () => {
  const planes = solid(SIZE, RED);
  dim(planes, { x: 0, y: 0, width: 20, height: 20 });
  const { y, u, v } = pixelAt(planes, 2, 2);
  expect(y).toBe(Math.floor(16 + ((RED.y - 16) * 3) / 8));
  expect(Math.abs(u - 128)).toBeLessThan(Math.abs(RED.u - 128) / 3);
  expect(Math.abs(v - 128)).toBeLessThan(Math.abs(RED.v - 128) / 3);
  expect(pixelAt(planes, 20, 2)).toEqual(RED);
  const white = solid(SIZE, WHITE);
  dim(white, { x: 0, y: 0, ...SIZE });
  expect(pixelAt(white, 2, 2)).toEqual({ y: 98, u: 128, v: 128 });
});

test('sub-arrays begin at the pixel asked for, in all three planes', () => {
  const planes = solid(SIZE, WHITE);
  for (const plane of planesAt(planes, 6, 4)) plane[0] = 1;
  expect(pixelAt(planes, 6, 4)).toEqual({ y: 1, u: 1, v: 1 });
  expect(countOf(planes.u, 1)).toBe(1);
});
