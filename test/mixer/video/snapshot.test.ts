import { expect, test } from '@jest/globals';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { allocPlanes, fill } from '../../../mixer/video/planes.ts';
import { jpegOf } from '../../../mixer/video/snapshot.ts';

/** Pixels of a JPEG as a browser would show them. */
async function pixels(jpeg: Buffer): Promise<(x: number, y: number) => number[]> {
  const image = await loadImage(jpeg);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  return (x, y) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)];
}

test('the canvas as a JPEG has its colours, black and white to the ends of the range', async () => {
  const planes = allocPlanes({ width: 320, height: 180 });
  const columns = [
    { yuv: { y: 16, u: 128, v: 128 }, rgb: [0, 0, 0] },
    { yuv: { y: 235, u: 128, v: 128 }, rgb: [255, 255, 255] },
    // Pure red of BT.601 in limited range.
    { yuv: { y: 81, u: 90, v: 240 }, rgb: [254, 0, 0] },
    { yuv: { y: 126, u: 128, v: 128 }, rgb: [128, 128, 128] },
  ];
  for (const [index, { yuv }] of columns.entries()) {
    fill(planes, { x: index * 80, y: 0, width: 80, height: 180 }, yuv);
  }
  const at = await pixels(jpegOf(planes));
  for (const [index, { rgb }] of columns.entries()) {
    const pixel = at(index * 80 + 40, 90);
    for (const [channel, level] of rgb.entries()) expect(Math.abs(pixel[channel]! - level)).toBeLessThan(8);
  }
});

test('a picture of its size is small and soon made', () => {
  const planes = allocPlanes({ width: 1280, height: 720 });
  for (let at = 0; at < planes.y.length; at++) planes.y[at] = 16 + ((at * 7919) % 200);
  const jpeg = jpegOf(planes);
  expect(jpeg.subarray(0, 3).toString('hex')).toBe('ffd8ff');
  expect(jpeg.subarray(-2).toString('hex')).toBe('ffd9');
  expect(jpeg.length).toBeLessThan(4_000_000);
});
