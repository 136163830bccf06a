import { describe, expect, test } from '@jest/globals';
import { type PixelRect, type Placement, place, type Size, toPixels } from '../../../mixer/video/fit.ts';
import { Random } from '../harness/random.ts';

const CANVAS = { width: 1280, height: 720 };
const isEven = (rect: PixelRect) =>
  [rect.x, rect.y, rect.width, rect.height].every((value) => value % 2 === 0);
const isInside = (rect: PixelRect, size: Size) =>
  rect.x >= 0 && rect.y >= 0 && rect.x + rect.width <= size.width && rect.y + rect.height <= size.height;

/** A random even tile on the canvas. */
function randomTile(random: Random): PixelRect {
  const width = 2 + 2 * random.below(639);
  const height = 2 + 2 * random.below(359);
  return {
    x: 2 * random.below((1280 - width) / 2 + 1),
    y: 2 * random.below((720 - height) / 2 + 1),
    width,
    height,
  };
}
const randomSource = (random: Random): Size => ({
  width: 2 + random.below(random.chance(0.1) ? 8000 : 1920),
  height: 2 + random.below(random.chance(0.1) ? 8000 : 1200),
});

describe('a tile in pixels', () => {
  test('halves of the canvas meet without a gap', () => {
    expect(toPixels({ x: 0, y: 0, w: 0.5, h: 1 }, CANVAS)).toEqual({ x: 0, y: 0, width: 640, height: 720 });
    expect(toPixels({ x: 0.5, y: 0, w: 0.5, h: 1 }, CANVAS)).toEqual({
      x: 640,
      y: 0,
      width: 640,
      height: 720,
    });
  });

  test('columns of any number meet and fill the row', () => {
    for (let columns = 1; columns <= 25; columns++) {
      let end = 0;
      for (let i = 0; i < columns; i++) {
        const tile = toPixels({ x: i / columns, y: 0, w: 1 / columns, h: 1 }, CANVAS);
        expect(tile.x).toBe(end);
        end = tile.x + tile.width;
      }
      expect(end).toBe(CANVAS.width);
    }
  });

  test('is even, not empty, and on the canvas, wherever the scene puts it', () => {
    const random = new Random(1);
    for (let round = 0; round < 5000; round++) {
      const canvas = { width: 64 + 2 * random.below(900), height: 64 + 2 * random.below(500) };
      const far = random.chance(0.2) ? 1e9 : 1.5;
      const value = () => (random.fraction() * 1.2 - 0.1) * far;
      const tile = toPixels({ x: value(), y: value(), w: value(), h: value() }, canvas);
      expect(isEven(tile) && isInside(tile, canvas) && tile.width >= 2 && tile.height >= 2).toBe(true);
    }
  });
});

/** Where a point of the source (0..1) is drawn, by the pixels that are really copied. */
function drawnAt({ crop, target }: Placement, source: Size, u: number, v: number): { x: number; y: number } {
  return {
    x: (target.x + ((u * source.width - crop.x) * target.width) / crop.width) / CANVAS.width,
    y: (target.y + ((v * source.height - crop.y) * target.height) / crop.height) / CANVAS.height,
  };
}

describe.each(['cover', 'contain'] as const)('%s', (fit) => {
  test('draws an existing part of the source into the tile, on even pixels', () => {
    const random = new Random(2);
    for (let round = 0; round < 5000; round++) {
      const tile = randomTile(random);
      const source = randomSource(random);
      const { crop, target } = place(fit, tile, source, CANVAS);
      expect(isInside(crop, source) && crop.width >= 1 && crop.height >= 1).toBe(true);
      expect(crop.x % 2 === 0 && crop.y % 2 === 0 && isEven(target)).toBe(true);
      expect(isInside(target, CANVAS) && target.x >= tile.x && target.y >= tile.y).toBe(true);
      expect(target.x + target.width <= tile.x + tile.width).toBe(true);
      expect(target.y + target.height <= tile.y + tile.height).toBe(true);
    }
  });

  test('tells where the whole source lands, as its pixels are drawn', () => {
    const random = new Random(3);
    for (let round = 0; round < 2000; round++) {
      const tile = randomTile(random);
      const source = randomSource(random);
      const placement = place(fit, tile, source, CANVAS);
      for (const [u, v] of [
        [0, 0],
        [1, 1],
        [random.fraction(), random.fraction()],
      ] as const) {
        const { x, y } = drawnAt(placement, source, u, v);
        const { picture } = placement;
        expect(picture.x + u * picture.w).toBeCloseTo(x, 6);
        expect(picture.y + v * picture.h).toBeCloseTo(y, 6);
      }
    }
  });

  test('keeps the shape of the source but for rounding to even pixels', () => {
    const random = new Random(4);
    for (let round = 0; round < 2000; round++) {
      const source = { width: 320 + 2 * random.below(400), height: 180 + 2 * random.below(300) };
      const tile = { x: 0, y: 0, width: 200 + 2 * random.below(400), height: 120 + 2 * random.below(280) };
      const { crop, target } = place(fit, tile, source, CANVAS);
      const stretch = target.width / crop.width / (target.height / crop.height);
      expect(Math.abs(stretch - 1)).toBeLessThan(0.035);
    }
  });
});

test('cover fills the tile and cuts evenly on both sides', () => {
  const tile = { x: 0, y: 0, width: 640, height: 720 };
  const { crop, target, picture } = place('cover', tile, { width: 1280, height: 720 }, CANVAS);
  expect(target).toEqual(tile);
  expect(crop).toEqual({ x: 320, y: 0, width: 640, height: 720 });
  expect(picture).toEqual({ x: -0.25, y: 0, w: 1, h: 1 });
});

test('contain shows everything, in the middle', () => {
  const tile = { x: 0, y: 0, width: 640, height: 720 };
  const { crop, target, picture } = place('contain', tile, { width: 1280, height: 720 }, CANVAS);
  expect(crop).toEqual({ x: 0, y: 0, width: 1280, height: 720 });
  expect(target).toEqual({ x: 0, y: 180, width: 640, height: 360 });
  expect(picture).toEqual({ x: 0, y: 0.25, w: 0.5, h: 0.5 });
});
