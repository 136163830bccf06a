import { describe, expect, test } from '@jest/globals';
import { type Luma, psnrDb, squaredError, ssim } from '../../../../scripts/bench/encoders/likeness.ts';
import { Random } from '../../../mixer/harness/random.ts';

const [width, height] = [64, 48];
const luma = (pixel: (x: number, y: number) => number, stride = width): Luma => {
  const bytes = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) bytes[y * stride + x] = pixel(x, y);
  return { bytes, stride, width, height };
};
const pattern = (x: number, y: number) => 60 + ((x * 7 + y * 13) % 120);

describe('likeness', () => {
  test('of a picture with itself is complete, whatever its rows are padded to', () => {
    expect(ssim(luma(pattern), luma(pattern, 80))).toBe(1);
    expect(squaredError(luma(pattern), luma(pattern, 80))).toBe(0);
  });

  test('PSNR is that of the textbook: an error of one everywhere is 48.13 dB', () => {
    const squares = squaredError(
      luma(pattern),
      luma((x, y) => pattern(x, y) + 1),
    );
    expect(squares).toBe(width * height);
    expect(psnrDb(squares, width * height)).toBeCloseTo(48.13, 2);
  });

  test('falls with noise, and more with more of it', () => {
    const noisy = (amount: number) => {
      const random = new Random(2);
      return luma((x, y) => pattern(x, y) + random.below(2 * amount + 1) - amount);
    };
    const [little, much] = [ssim(luma(pattern), noisy(4)), ssim(luma(pattern), noisy(30))];
    expect(little).toBeLessThan(1);
    expect(little).toBeGreaterThan(0.97);
    expect(much).toBeLessThan(little);
  });

  test('forgives a change of brightness more than one of structure of the same error', () => {
    const brighter = luma((x, y) => pattern(x, y) + 6);
    const checkered = luma((x, y) => pattern(x, y) + ((x + y) % 2 === 0 ? 6 : -6));
    expect(squaredError(luma(pattern), brighter)).toBe(squaredError(luma(pattern), checkered));
    expect(ssim(luma(pattern), brighter)).toBeGreaterThan(ssim(luma(pattern), checkered));
  });
});
