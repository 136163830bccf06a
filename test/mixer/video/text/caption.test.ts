import { describe, expect, test } from '@jest/globals';
import type { Size } from '../../../../mixer/video/fit.ts';
import { captionMargin, drawCaption } from '../../../../mixer/video/text/caption.ts';
import { Random } from '../../harness/random.ts';
import { LONG, NAMES, TILE } from './names.ts';

const captionOf = (name: string, tile: Size, changes = {}) =>
  drawCaption({ name, title: '', micOff: false, ...changes }, tile);

describe('a caption', () => {
  test('never is wider than its tile, nor higher, whatever the name and the tile', () => {
    const random = new Random(1);
    let drawn = 0;
    for (let round = 0; round < 200; round++) {
      const tile = { width: 2 + 2 * random.below(500), height: 2 + 2 * random.below(360) };
      const caption = captionOf(random.pick(NAMES), tile);
      if (caption === null) continue;
      drawn++;
      const { width, height } = caption.planes;
      expect(width % 2 === 0 && height % 2 === 0).toBe(true);
      expect(width + 2 * captionMargin(tile)).toBeLessThanOrEqual(tile.width);
      expect(height + 2 * captionMargin(tile)).toBeLessThanOrEqual(tile.height);
    }
    expect(drawn).toBeGreaterThan(50);
  });

  test('of a long name uses its room and ends in an ellipsis', () => {
    const caption = captionOf(LONG, TILE)!;
    expect(caption.planes.width).toBeGreaterThan(TILE.width * 0.6);
    expect(caption.planes.width).toBeLessThan(TILE.width * 0.74);
    // What was cut off does not matter any more, so it must look the same.
    expect(captionOf(`${LONG} and of New York`, TILE)!.planes.y.equals(caption.planes.y)).toBe(true);
    expect(captionOf(`X${LONG}`, TILE)!.planes.y.equals(caption.planes.y)).toBe(false);
  });

  test('of a short name is as narrow as the name, bright on dark', () => {
    const caption = captionOf('Ada', TILE)!;
    expect(caption.planes.width).toBeLessThan(90);
    expect(Math.max(...caption.planes.y)).toBeGreaterThan(200);
    const middle = caption.alpha[(caption.planes.height >> 1) * caption.planes.width + 2]!;
    expect(middle).toBeGreaterThan(140);
    expect(middle).toBeLessThan(180);
  });

  test('takes control characters and line breaks for blanks', () => {
    const plain = captionOf('Ada Lovelace', TILE)!;
    for (const name of ['Ada\nLovelace', 'Ada\u0000\u0007\u2029Lovelace', '\tAda   Lovelace\r\n']) {
      expect(captionOf(name, TILE)!.planes.y.equals(plain.planes.y)).toBe(true);
    }
  });

  test('is not drawn without a name or on a tile too small to read it', () => {
    expect(captionOf(' \n\u0000', TILE)).toBeNull();
    expect(captionOf('Ada', { width: 100, height: 58 })).toBeNull();
    expect(captionOf('Ada', { width: 30, height: 720 })).toBeNull();
  });
});
