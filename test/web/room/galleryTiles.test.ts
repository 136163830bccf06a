import { describe, expect, test } from '@jest/globals';
import type { RoomView, TileView } from '../../../src/live/contract.ts';
import { layoutDocument } from '../../../src/rooms/layout/documents.ts';
import { floorAfter, galleryTiles } from '../../../web/src/room/galleryTiles.ts';
import { needsOf, satisfies } from '../../../web/src/room/watchNeeds.ts';

const tile = (name: string): TileView => ({
  participant: name.replace('*', ''),
  kind: name.endsWith('*') ? 'screen' : 'camera',
  ...{ x: 0, y: 0, w: 1, h: 1, picture: null, state: 'live' },
});

const layoutOf = (name: string, tiles: TileView[]) => ({ name, document: layoutDocument(name), tiles });

const place = (name: string, names: string[], canvas = { width: 1280, height: 720 }, floor: string[] = []) =>
  galleryTiles(
    { layout: layoutOf(name, names.map(tile)) },
    names.map((id) => ({ id, name: id.toUpperCase() })),
    'me',
    canvas,
    { floor },
  );

describe('the gallery', () => {
  test('has everybody but oneself, under their names', () => {
    const tiles = place('grid', ['ada', 'me', 'bob', 'bob*']);
    expect(tiles.map(({ key, name }) => `${key} ${name}`)).toEqual([
      'camera ada ADA',
      'camera bob BOB',
      'screen bob BOB',
    ]);
  });

  test('uses the room that there is: two beside each other or one below the other', () => {
    const wide = place('grid', ['ada', 'bob']);
    expect(wide[0]!.y).toBe(wide[1]!.y);
    const tall = place('grid', ['ada', 'bob'], { width: 390, height: 700 });
    expect(tall[0]!.x).toBe(tall[1]!.x);
  });

  test('follows the layout and the floor', () => {
    const large = (floor: string[]) =>
      place('stage', ['ada', 'bob', 'eve'], undefined, floor).reduce((a, b) => (a.w >= b.w ? a : b))
        .participant;
    expect([large([]), large(['eve', 'ada'])]).toEqual(['ada', 'eve']);
  });

  test('leaves out what only a mixer can show', () => {
    const film: TileView = { ...tile('film'), kind: 'media' };
    const { layout } = { layout: layoutOf('grid', [film, tile('ada')]) };
    const canvas = { width: 1280, height: 720 };
    expect(galleryTiles({ layout }, [], 'me', canvas, {}).map(({ key }) => key)).toEqual(['camera ada']);
  });
});

test('the floor passes on when who has it is silent', () => {
  const speaking = (...names: string[]) => names.map((participant) => ({ participant, speaking: true }));
  const silent = [{ participant: 'ada', speaking: false }];
  expect(floorAfter([], silent)).toEqual([]);
  expect(floorAfter([], speaking('ada'))).toEqual(['ada']);
  expect(floorAfter(['ada'], speaking('bob', 'ada'))).toEqual(['ada']);
  expect(floorAfter(['ada', 'eve'], speaking('eve'))).toEqual(['eve', 'ada']);
  expect(floorAfter(['ada'], silent)).toEqual(['ada']);
});

describe('a connection', () => {
  const room = (mode: 'mcu' | 'sfu', ...names: string[]) =>
    ({ mode, layout: layoutOf('grid', names.map(tile)) }) as RoomView;

  test('has one pair for the program, and some to spare for speakers', () => {
    expect(needsOf(room('mcu', 'ada', 'bob'), 'me')).toEqual({ mode: 'mcu', pairs: 1 });
    expect(needsOf(room('sfu', 'ada', 'me'), 'me')).toEqual({ mode: 'sfu', pairs: 4 });
    const many = Array.from({ length: 40 }, (_, i) => `p${i}`);
    expect(needsOf(room('sfu', ...many.slice(0, 5)), 'me').pairs).toBe(9);
    expect(needsOf(room('sfu', ...many), 'me').pairs).toBe(16);
  });

  test('is kept while it suffices', () => {
    const has = { mode: 'sfu', pairs: 9 } as const;
    expect(satisfies(has, { mode: 'sfu', pairs: 4 })).toBe(true);
    expect(satisfies(has, { mode: 'sfu', pairs: 16 })).toBe(false);
    expect(satisfies(has, { mode: 'mcu', pairs: 1 })).toBe(false);
  });
});
