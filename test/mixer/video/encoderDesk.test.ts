import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { splitAnnexB } from '../../../mixer/rtp/h264.ts';
import { spsSize } from '../../../mixer/rtp/h264Sps.ts';
import { vp8Size } from '../../../mixer/rtp/vp8.ts';
import type { CodedPicture } from '../../../mixer/video/encoder.ts';
import { EncoderDesk } from '../../../mixer/video/encoderDesk.ts';
import { allocPlanes, fill, type Planes } from '../../../mixer/video/planes.ts';
import { GREEN } from '../harness/camera.ts';
import '../harness/quiet.ts';
import { Random } from '../harness/random.ts';

const CANVAS = { width: 320, height: 180 };

let canvas: Planes;
let desk: EncoderDesk;
let coded: Map<number, CodedPicture[]>;
let failures: [number, string][];
/** So much that is new that the rate decides what becomes of it. */
const noise = Array.from({ length: 7 }, (_, seed) =>
  new Random(seed + 1).bytes(320 * 180).map((byte) => 60 + (byte >> 1)),
);
let drawn = 0;

beforeEach(() => {
  canvas = allocPlanes(CANVAS);
  coded = new Map();
  failures = [];
  desk = new EncoderDesk(canvas, {
    coded: (encoder, picture) => coded.set(encoder, [...(coded.get(encoder) ?? []), picture]),
    failed: (encoder, reason) => failures.push([encoder, reason]),
  });
});
afterEach(() => desk.closeAll());

const open = (number: number, codec: VideoCodec, width: number, height: number, kbps = 500) =>
  desk.open(number, { codec, width, height, fps: 30, kbps });

function draw(): void {
  fill(canvas, { x: 0, y: 0, ...CANVAS }, GREEN);
  canvas.y.set(noise[drawn++ % noise.length]!);
}

function encode(...jobs: [number, boolean][]): void {
  draw();
  desk.encode(jobs.map(([encoder, keyFrame]) => ({ encoder, keyFrame })));
}

/** kbit/s of the last `count` pictures at 30 a second. */
const rate = (encoder: number, count: number) =>
  (coded
    .get(encoder)!
    .slice(-count)
    .reduce((sum, { data }) => sum + data.length, 0) *
    8 *
    30) /
  1000 /
  count;

test('each encoder codes the canvas in its own size', () => {
  open(1, 'vp8', 320, 180);
  open(2, 'h264', 160, 90);
  open(3, 'vp8', 160, 90);
  encode([1, true], [2, true], [3, true]);
  expect(vp8Size(coded.get(1)![0]!.data)).toEqual({ width: 320, height: 180 });
  expect(vp8Size(coded.get(3)![0]!.data)).toEqual({ width: 160, height: 90 });
  const sps = splitAnnexB(coded.get(2)![0]!.data).find((nal) => (nal[0]! & 0x1f) === 7)!;
  expect(spsSize(sps)).toEqual({ width: 160, height: 90 });
  encode([2, false]);
  expect([1, 2, 3].map((encoder) => coded.get(encoder)!.length)).toEqual([1, 2, 1]);
});

describe('another rate', () => {
  test('H.264 follows at once, without a key frame', () => {
    open(1, 'h264', 320, 180, 2000);
    for (let i = 0; i < 60; i++) encode([1, i === 0]);
    expect(rate(1, 30)).toBeGreaterThan(1400);
    desk.setRate(1, 500);
    for (let i = 0; i < 90; i++) encode([1, false]);
    expect(rate(1, 45)).toBeLessThan(750);
    expect(coded.get(1)!.filter(({ keyFrame }) => keyFrame)).toHaveLength(1);
  });

  test('VP8 goes on as before until its next key frame, then follows, without a gap', () => {
    open(1, 'vp8', 320, 180, 2000);
    for (let i = 0; i < 60; i++) encode([1, i === 0]);
    desk.setRate(1, 500);
    for (let i = 0; i < 45; i++) encode([1, false]);
    expect(rate(1, 30)).toBeGreaterThan(1200);
    encode([1, true]);
    for (let i = 0; i < 90; i++) encode([1, false]);
    expect(rate(1, 45)).toBeLessThan(750);
    expect(coded.get(1)).toHaveLength(60 + 45 + 91);
    expect(
      coded
        .get(1)!
        .map(({ keyFrame }) => keyFrame)
        .indexOf(true, 1),
    ).toBe(105);
  });

  test('of nobody is nothing', () => {
    desk.setRate(7, 100);
    encode([7, true]);
    expect(coded.size).toBe(0);
  });
});

describe('what cannot be opened', () => {
  test('is told with its reason, and the others go on', () => {
    open(1, 'vp8', 320, 180);
    open(2, 'h264', 0, 0);
    open(3, 'vp8', 40_000, 2);
    expect(failures.map(([encoder]) => encoder)).toEqual([2, 3]);
    expect(failures[0]![1]).toMatch(/h264 encoder/);
    encode([1, true], [2, true], [3, true]);
    expect([...coded.keys()]).toEqual([1]);
  });
});

test('a number taken again is another encoder; closing twice is legal', () => {
  open(1, 'vp8', 320, 180);
  open(1, 'vp8', 160, 90);
  encode([1, true]);
  expect(vp8Size(coded.get(1)![0]!.data)).toEqual({ width: 160, height: 90 });
  desk.close(1);
  desk.close(1);
  encode([1, true]);
  expect(coded.get(1)).toHaveLength(1);
  desk.closeAll();
});
