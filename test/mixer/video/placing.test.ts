import { expect, test } from '@jest/globals';
import type { PlacedTile } from '../../../mixer/protocol/control.ts';
import { Placing } from '../../../mixer/video/placing.ts';

const PICTURE_US = 33_333;
const tile = (w: number | null, participant = 'ada'): PlacedTile => ({
  ...{ participant, kind: 'camera' },
  picture: w === null ? null : { x: 0, y: 0, w, h: 1 },
});

test('who comes, goes or stands in another scene is told at once', () => {
  const placing = new Placing();
  expect(placing.take([tile(null)], 1, 0)).toEqual([tile(null)]);
  expect(placing.take([tile(0.5)], 1, PICTURE_US)).toEqual([tile(0.5)]);
  expect(placing.take([tile(0.25)], 2, 2 * PICTURE_US)).toEqual([tile(0.25)]);
  expect(placing.take([tile(0.25), tile(0.5, 'bob')], 2, 3 * PICTURE_US)).toHaveLength(2);
  expect(placing.take([], 2, 4 * PICTURE_US)).toEqual([]);
  expect(placing.take(null, 3, 5 * PICTURE_US)).toBeNull();
});

test('another shape after a while is told at once, one after the other once a second, the last one always', () => {
  const placing = new Placing();
  placing.take([tile(0.5)], 1, 0);
  const told: [number, number][] = [];
  for (let at = 60; at < 160; at++) {
    const said = placing.take(at < 130 ? [tile(at / 1000)] : null, 1, at * PICTURE_US);
    if (said) told.push([at, said[0]!.picture!.w * 1000]);
  }
  expect(told).toEqual([
    [60, 60],
    [91, 91],
    [122, 122],
    [153, 129],
  ]);
});
