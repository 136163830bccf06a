import { describe, expect, test } from '@jest/globals';
import { layoutDocument, layoutNames } from '../../../../src/rooms/layout/documents.ts';
import { solve } from '../../../../src/rooms/layout/solve.ts';
import type { Canvas, Person, PixelRect } from '../../../../src/rooms/layout/types.ts';

const people = (count: number): Person[] =>
  Array.from({ length: count }, (_, index) => ({ participant: `p${index}`, kind: 'camera' }));

const canvases: [string, Canvas][] = [
  ['1280x720', { width: 1280, height: 720 }],
  ['640x360', { width: 640, height: 360 }],
  ['1920x1080', { width: 1920, height: 1080 }],
  ['720x1280', { width: 720, height: 1280 }],
  ['854x480', { width: 854, height: 480 }],
];

const counts = Array.from({ length: 26 }, (_, count) => count);
const overlap = (a: PixelRect, b: PixelRect): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
const rowsOf = (tiles: { px: PixelRect }[]): number[] => [...new Set(tiles.map((tile) => tile.px.y))];

describe.each(canvases)('the grid in %s', (_, canvas) => {
  test.each(counts)('%d tiles are inside, even, equal, wide, apart and in order', (count) => {
    const tiles = solve('grid', people(count), canvas);
    expect(tiles.map((tile) => tile.person.participant)).toEqual(people(count).map((p) => p.participant));
    for (const { px, ...tile } of tiles) {
      expect([px.x, px.y, px.w, px.h].every((n) => n >= 0 && n % 2 === 0)).toBe(true);
      expect(px.x + px.w).toBeLessThanOrEqual(canvas.width);
      expect(px.y + px.h).toBeLessThanOrEqual(canvas.height);
      expect([px.w, px.h]).toEqual([tiles[0]!.px.w, tiles[0]!.px.h]);
      expect(Math.abs(px.w - (px.h * 16) / 9)).toBeLessThan(4);
      expect(Math.round(tile.x * canvas.width)).toBe(px.x);
      expect(Math.round(tile.h * canvas.height)).toBe(px.h);
    }
    for (const [i, a] of tiles.entries()) {
      for (const b of tiles.slice(i + 1)) {
        expect(overlap(a.px, b.px)).toBe(false);
        expect(b.px.y > a.px.y || (b.px.y === a.px.y && b.px.x > a.px.x)).toBe(true);
      }
    }
  });

  test.each(counts.slice(1))('every row of %d is centred', (count) => {
    const tiles = solve('grid', people(count), canvas);
    for (const y of rowsOf(tiles)) {
      const row = tiles.filter((tile) => tile.px.y === y);
      const left = row[0]!.px.x;
      const right = canvas.width - row.at(-1)!.px.x - row.at(-1)!.px.w;
      expect(Math.abs(left - right)).toBeLessThanOrEqual(2);
    }
  });

  test.each(counts.slice(1))('no other number of columns makes larger tiles of %d', (count) => {
    const { w } = solve('grid', people(count), canvas)[0]!.px;
    const gap = Math.floor(canvas.height / 90 / 2) * 2;
    for (let columns = 1; columns <= count; columns++) {
      const rows = Math.ceil(count / columns);
      const byWidth = (canvas.width - gap * (columns - 1)) / columns;
      const byHeight = ((canvas.height - gap * (rows - 1)) / rows) * (16 / 9);
      expect(w).toBeGreaterThan(Math.min(byWidth, byHeight) - 3);
    }
  });
});

describe('somebody leaves', () => {
  const canvas = { width: 1280, height: 720 };

  test.each(counts.slice(2))('of %d: who came before keeps the row unless the shape changes', (count) => {
    const before = solve('grid', people(count), canvas);
    const columns = before.filter((tile) => tile.px.y === before[0]!.px.y).length;
    for (let leaver = 0; leaver < count; leaver++) {
      const left = people(count).filter((_, index) => index !== leaver);
      const after = solve('grid', left, canvas);
      if (after.filter((tile) => tile.px.y === after[0]!.px.y).length !== columns) continue;
      const row = (tiles: typeof after, who: string): number =>
        rowsOf(tiles).indexOf(tiles.find((tile) => tile.person.participant === who)!.px.y);
      for (const [index, { participant }] of left.entries()) {
        const up = row(before, participant) - row(after, participant);
        // One place forward is one row up only for who stood first in theirs.
        expect(up).toBe(index >= leaver && (index + 1) % columns === 0 ? 1 : 0);
      }
    }
  });
});

test('two stand side by side, four in a square, five as three and two', () => {
  const canvas = { width: 1280, height: 720 };
  const perRow = (count: number): number[] => {
    const tiles = solve('grid', people(count), canvas);
    return rowsOf(tiles).map((y) => tiles.filter((tile) => tile.px.y === y).length);
  };
  expect([1, 2, 3, 4, 5, 9, 16, 25].map(perRow)).toEqual([
    [1],
    [2],
    [2, 1],
    [2, 2],
    [3, 2],
    [3, 3, 3],
    [4, 4, 4, 4],
    [5, 5, 5, 5, 5],
  ]);
  expect(solve('grid', people(1), canvas)[0]!.px).toEqual({ x: 0, y: 0, w: 1280, h: 720 });
});

test('a screen is shown whole, a camera fills its tile', () => {
  const both: Person[] = [
    { participant: 'ada', kind: 'camera' },
    { participant: 'ada', kind: 'screen' },
  ];
  expect(solve('grid', both, { width: 1280, height: 720 }).map((tile) => tile.fit)).toEqual([
    'cover',
    'contain',
  ]);
});

test('an unknown layout is an error, and the document of a known one is plain JSON', () => {
  expect(() => solve('spiral', [], { width: 2, height: 2 })).toThrow('spiral');
  expect(layoutNames).toEqual([...['grid', 'stage', 'presentation', 'pip', 'solo', 'side-by-side', 'auto']]);
  const document = layoutDocument('grid');
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
});
