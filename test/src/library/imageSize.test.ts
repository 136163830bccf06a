import { describe, expect, test } from '@jest/globals';
import { imageSize } from '../../../src/library/imageSize.ts';
import { image, pngHead } from './images.ts';

describe('the size of an image', () => {
  test.each([
    ['png', 'image/png'],
    ['jpeg', 'image/jpeg'],
    ['webp', 'image/webp'],
  ] as const)('%s, as an encoder writes it', (name, type) => {
    expect(imageSize(type, image(name, 123, 45))).toEqual({ width: 123, height: 45 });
  });

  test('WebP without loss, and extended', () => {
    const head = (chunk: string, rest: number[]) =>
      Buffer.concat([Buffer.from(`RIFF\0\0\0\0WEBP${chunk}\0\0\0\0`, 'latin1'), Buffer.from(rest)]);
    // 14 bits each of width - 1 and height - 1, after the signature.
    const lossless = (99 | (49 << 14)) >>> 0;
    const packed = [0x2f, lossless & 255, (lossless >> 8) & 255, (lossless >> 16) & 255, lossless >>> 24];
    expect(imageSize('image/webp', head('VP8L', packed))).toEqual({ width: 100, height: 50 });
    const extended = head('VP8X', [0, 0, 0, 0, 0x2b, 1, 0, 0xc7, 0, 0]);
    expect(imageSize('image/webp', extended)).toEqual({ width: 300, height: 200 });
  });

  test('JPEG behind long metadata', () => {
    const jpeg = image('jpeg', 64, 32);
    const segment = Buffer.alloc(60_002);
    segment.set([0xff, 0xe1, 0xea, 0x60]);
    const long = Buffer.concat([jpeg.subarray(0, 2), segment, segment, segment, jpeg.subarray(2)]);
    expect(imageSize('image/jpeg', long)).toEqual({ width: 64, height: 32 });
    expect(imageSize('image/jpeg', long.subarray(0, 100_000))).toBeNull();
  });

  test('nothing in what is cut short at any place, or is nothing', () => {
    for (const [name, type] of [
      ['png', 'image/png'],
      ['jpeg', 'image/jpeg'],
      ['webp', 'image/webp'],
    ] as const) {
      const whole = image(name, 16, 16);
      for (let length = 0; length < 24; length++) {
        const size = imageSize(type, whole.subarray(0, length));
        expect(size === null || (name !== 'png' && size.width === 16)).toBe(true);
      }
    }
    expect(imageSize('image/png', pngHead(0, 10))).toBeNull();
    expect(imageSize('image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xff, 0xff]))).toBeNull();
    expect(imageSize('image/gif', image('png', 4, 4))).toBeNull();
  });
});
