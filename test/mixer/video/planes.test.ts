import { expect, test } from '@jest/globals';
import { allocPlanes, fill, planesAt } from '../../../mixer/video/planes.ts';
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

test('sub-arrays begin at the pixel asked for, in all three planes', () => {
  const planes = solid(SIZE, WHITE);
  for (const plane of planesAt(planes, 6, 4)) plane[0] = 1;
  expect(pixelAt(planes, 6, 4)).toEqual({ y: 1, u: 1, v: 1 });
  expect(countOf(planes.u, 1)).toBe(1);
});
