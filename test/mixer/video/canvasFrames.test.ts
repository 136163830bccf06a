import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Frame } from 'node-av/lib';
import { CanvasFrames } from '../../../mixer/video/canvasFrames.ts';
import { allocPlanes, fill, type Planes } from '../../../mixer/video/planes.ts';
import { BLUE, GREEN, RED, WHITE } from '../harness/camera.ts';
import { expectColour } from '../harness/canvas.ts';

const CANVAS = { width: 640, height: 360 };

let canvas: Planes;
let frames: CanvasFrames;
beforeEach(() => {
  canvas = allocPlanes(CANVAS);
  fill(canvas, { x: 0, y: 0, width: 320, height: 360 }, RED);
  fill(canvas, { x: 320, y: 0, width: 320, height: 360 }, GREEN);
  frames = new CanvasFrames(canvas);
  frames.next();
});
afterEach(() => frames.close());

/** The pixel at fractions of the picture. */
function at(frame: Frame, x: number, y: number) {
  const [luma, u, v] = frame.data!;
  const strides = frame.linesize;
  const [column, row] = [Math.floor(x * frame.width), Math.floor(y * frame.height)];
  const chroma = (row >> 1) * strides[1]! + (column >> 1);
  return { y: luma![row * strides[0]! + column]!, u: u![chroma]!, v: v![chroma]! };
}

describe.each([
  [640, 360],
  [320, 180],
  [160, 90],
  [426, 240],
  [2, 2],
  [1280, 720],
])('the canvas as %i×%i', (width, height) => {
  test('shows all of it', () => {
    const frame = frames.take({ width, height });
    expect([frame.width, frame.height]).toEqual([width, height]);
    if (width < 4) return;
    expectColour(at(frame, 0.02, 0.03), RED, 2);
    expectColour(at(frame, 0.98, 0.98), GREEN, 2);
    expectColour(at(frame, 0.45, 0.5), RED, 3);
    expectColour(at(frame, 0.55, 0.5), GREEN, 3);
  });
});

test('one size is scaled once for a picture, and again after it has changed', () => {
  const size = { width: 320, height: 180 };
  const frame = frames.take(size);
  fill(canvas, { x: 0, y: 0, ...CANVAS }, BLUE);
  expect(frames.take({ ...size })).toBe(frame);
  expectColour(at(frame, 0.2, 0.5), RED, 2);
  frames.next();
  expect(frames.take(size)).toBe(frame);
  expectColour(at(frame, 0.2, 0.5), BLUE, 2);
});

test('a size let go of is made anew when it is wanted again', () => {
  const [small, whole] = [{ width: 320, height: 180 }, CANVAS];
  const before = frames.take(small);
  const kept = frames.take(whole);
  frames.keep([whole]);
  expect(frames.take(whole)).toBe(kept);
  fill(canvas, { x: 0, y: 0, ...CANVAS }, WHITE);
  frames.next();
  const after = frames.take(small);
  expect(after).not.toBe(before);
  expectColour(at(after, 0.2, 0.5), WHITE, 2);
});
