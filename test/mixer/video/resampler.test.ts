import { afterEach, expect, test } from '@jest/globals';
import { AV_PIX_FMT_YUV420P, SWS_BILINEAR } from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import { allocPlanes, type Planes } from '../../../mixer/video/planes.ts';
import { Resampler } from '../../../mixer/video/resampler.ts';
import { frameOf } from '../harness/pictures.ts';
import { Random } from '../harness/random.ts';

const SIZE = { width: 320, height: 180 };
const whole = { x: 0, y: 0, ...SIZE };

const opened: { close?(): void; free?(): void }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.close ? each.close() : each.free?.();
});

function kept<T extends { close?(): void; free?(): void }>(each: T): T {
  opened.push(each);
  return each;
}

function emptyFrame(size: { width: number; height: number }): Frame {
  const frame = kept(new Frame());
  frame.alloc();
  Object.assign(frame, { ...size, format: AV_PIX_FMT_YUV420P });
  frame.getBuffer(0);
  return frame;
}

/** Waves and noise, in all planes. */
function textured(): Planes {
  const planes = allocPlanes(SIZE);
  const random = new Random(7);
  for (const [plane, width] of [
    [planes.y, 320],
    [planes.u, 160],
    [planes.v, 160],
  ] as const)
    for (let at = 0; at < plane.length; at++)
      plane[at] =
        128 + 60 * Math.sin((at % width) / 9) * Math.cos(at / width / 7) + 20 * (random.fraction() - 0.5);
  return planes;
}

/** How alike two frames are in one plane, in dB. */
function psnrDb(a: Frame, b: Frame, plane: number): number {
  const [width, height] = plane === 0 ? [a.width, a.height] : [a.width / 2, a.height / 2];
  let squares = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      squares +=
        (a.data![plane]![y * a.linesize[plane]! + x]! - b.data![plane]![y * b.linesize[plane]! + x]!) ** 2;
  return 10 * Math.log10((255 * 255 * width * height) / Math.max(1, squares));
}

test.each([
  [160, 90],
  [106, 60],
  [64, 36],
  [256, 144],
  [640, 360],
])('to %i×%i it gives what libswscale gives, luma and chroma', (width, height) => {
  const picture = kept(frameOf(textured()));
  const ours = emptyFrame({ width, height });
  expect(kept(new Resampler(SIZE, whole, { width, height })).scale(picture, ours)).toBe(true);
  const context = new SoftwareScaleContext();
  const format = AV_PIX_FMT_YUV420P;
  context.getContext(SIZE.width, SIZE.height, format, width, height, format, SWS_BILINEAR);
  const theirs = emptyFrame({ width, height });
  context.scaleFrameSync(theirs, picture);
  context.freeContext();
  for (const plane of [0, 1, 2]) expect(psnrDb(ours, theirs, plane)).toBeGreaterThan(46);
});

test('a part is scaled as if it were the whole picture', () => {
  const planes = textured();
  const part = allocPlanes({ width: 160, height: 120 });
  const copy = (from: Buffer, to: Buffer, stride: number, by: number) => {
    for (let y = 0; y < 120 / by; y++) {
      const start = (30 / by + y) * stride + 40 / by;
      from.copy(to, (y * 160) / by, start, start + 160 / by);
    }
  };
  copy(planes.y, part.y, 320, 1);
  copy(planes.u, part.u, 160, 2);
  copy(planes.v, part.v, 160, 2);
  const to = { width: 80, height: 60 };
  const [cropped, cut] = [emptyFrame(to), emptyFrame(to)];
  const crop = { x: 40, y: 30, width: 160, height: 120 };
  kept(new Resampler(SIZE, crop, to)).scale(kept(frameOf(planes)), cropped);
  kept(new Resampler(part, { ...crop, x: 0, y: 0 }, to)).scale(kept(frameOf(part)), cut);
  for (const plane of [0, 1, 2]) expect(psnrDb(cropped, cut, plane)).toBeGreaterThan(60);
});

test('whatever a picture says of its colours, they stay', () => {
  const picture = kept(frameOf({ y: 81, u: 90, v: 240, ...SIZE }));
  const into = emptyFrame({ width: 64, height: 36 });
  const resampler = kept(new Resampler(SIZE, whole, into));
  for (const [space, range] of [
    [0, 2],
    [1, 1],
    [9, 0],
  ] as const) {
    Object.assign(picture, { colorSpace: space, colorRange: range, colorPrimaries: 9, colorTrc: 16 });
    expect(resampler.scale(picture, into)).toBe(true);
    expect([0, 1, 2].map((plane) => into.data![plane]![0])).toEqual([81, 90, 240]);
  }
});

test('the picture stays as it was, and may be freed while the resampler lives', () => {
  const resampler = kept(new Resampler(SIZE, whole, { width: 64, height: 36 }));
  const into = emptyFrame({ width: 64, height: 36 });
  for (let i = 0; i < 50; i++) {
    const picture = frameOf({ y: 20 + i, u: 128, v: 128, ...SIZE });
    resampler.scale(picture, into);
    expect(picture.data![0]![0]).toBe(20 + i);
    picture.free();
    expect(into.data![0]![0]).toBe(20 + i);
  }
});

test('what zimg cannot do is an error at once, and closing twice is legal', () => {
  expect(() => new Resampler({ width: 0, height: 2 }, whole, SIZE)).toThrow(/filter|graph/);
  const resampler = new Resampler(SIZE, whole, SIZE);
  resampler.close();
  resampler.close();
  expect(resampler.scale(kept(frameOf({ y: 1, u: 1, v: 1, ...SIZE })), emptyFrame(SIZE))).toBe(false);
});
