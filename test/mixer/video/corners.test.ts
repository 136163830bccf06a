import { expect, test } from '@jest/globals';
import { ringCorner, roundedCorner } from '../../../mixer/video/corners.ts';

const at = ({ size, alpha }: { size: number; alpha: Uint8Array }, x: number, y: number) =>
  alpha[y * size + x]!;

test.each([2, 4, 8, 20, 60])('a corner of %i pixels covers as much as a quarter of a disc', (radius) => {
  const { luma, chroma } = roundedCorner(radius);
  expect(luma.size).toBe(radius);
  expect(chroma.size).toBe(radius / 2);
  const area = luma.alpha.reduce((sum, share) => sum + share / 255, 0);
  expect(Math.abs(area - (Math.PI / 4) * radius * radius)).toBeLessThan(0.03 * radius * radius + 0.5);
  expect(at(luma, radius - 1, radius - 1)).toBe(255);
  if (radius >= 8) expect(at(luma, 0, 0)).toBe(0);
});

test('is the same seen from both sides, and grows towards the middle', () => {
  const { luma } = roundedCorner(24);
  for (let y = 0; y < 24; y++) {
    for (let x = 0; x < 24; x++) {
      expect(at(luma, x, y)).toBe(at(luma, y, x));
      if (x > 0) expect(at(luma, x, y)).toBeGreaterThanOrEqual(at(luma, x - 1, y));
    }
  }
});

test('a ring is as wide as asked for, and never outside the shape', () => {
  for (const [radius, width] of [
    [24, 4],
    [24, 10],
    [4, 8],
    [0, 6],
  ] as const) {
    const ring = ringCorner(radius, width);
    const { size } = ring.luma;
    expect(size).toBe(Math.max(radius, width));
    for (let i = 0; i < width; i++) expect(at(ring.luma, size - 1, i)).toBeGreaterThan(200);
    if (size > width + 2) expect(at(ring.luma, size - 1, width + 1)).toBe(0);
    if (radius === 0) continue;
    const shape = roundedCorner(radius).luma;
    for (let y = 0; y < radius; y++)
      for (let x = 0; x < radius; x++) expect(at(ring.luma, x, y)).toBeLessThanOrEqual(at(shape, x, y) + 1);
  }
});
