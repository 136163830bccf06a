import { describe, expect, test } from '@jest/globals';
import { createCanvas } from '@napi-rs/canvas';
import { imageSize } from '../../../mixer/video/imageSize.ts';
import { Random } from '../harness/random.ts';

const image = (type: 'image/png' | 'image/jpeg' | 'image/webp', width = 123, height = 45) =>
  createCanvas(width, height).toBuffer(type as 'image/png');

describe.each(['image/png', 'image/jpeg', 'image/webp'] as const)('%s', (type) => {
  test('tells its size, whatever the size', () => {
    for (const [width, height] of [
      [1, 1],
      [123, 45],
      [2000, 3],
      [300, 4097],
    ] as const)
      expect(imageSize(image(type, width, height))).toEqual({ width, height });
  });

  test('cut short or with flipped bits it gives a size or nothing, never an exception', () => {
    const random = new Random(9);
    const whole = image(type);
    for (let end = 0; end < Math.min(whole.length, 200); end++) imageSize(whole.subarray(0, end));
    for (let i = 0; i < 2000; i++) {
      const bytes = Buffer.from(whole);
      for (let flips = 0; flips < 3; flips++)
        bytes[random.below(Math.min(64, bytes.length))]! ^= 1 << random.below(8);
      const size = imageSize(bytes);
      expect(size === null || (size.width >= 0 && size.height >= 0)).toBe(true);
    }
  });
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['a GIF', Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00')],
  ['a JPEG without end', Buffer.alloc(1000, 0xff)],
  ['zeros', Buffer.alloc(1000)],
])('%s is none', (_, bytes) => {
  expect(imageSize(bytes)).toBeNull();
});
