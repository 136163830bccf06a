import { describe, expect, test } from '@jest/globals';
import { layoutDocument, layoutNames } from '../../../src/rooms/layout/documents.ts';
import type { LayoutDocument } from '../../../src/rooms/layout/types.ts';
import { findingsOf } from '../../../src/schemas/findings.ts';
import { layout, layoutSchema } from '../../../src/schemas/layout.ts';

const tile = { id: 'a', x: 0, y: 0, w: 0.5, h: 1, fill: [{ by: 'order', n: 1 }] };
const right = { ...tile, id: 'b', x: 0.5 };

const findings = (document: unknown): string => {
  const { error } = layout.safeParse(document);
  return error ? findingsOf(error) : 'none';
};
const withTiles = (...tiles: unknown[]) => findings({ name: 'mine', tiles });

describe('a layout', () => {
  test.each(layoutNames)('%s can be given back as it was read', (name) => {
    const document = JSON.parse(JSON.stringify(layoutDocument(name)));
    expect(layoutSchema.parse(document)).toEqual(document);
    expect(layout.parse(name)).toBe(name);
  });

  test('says what it wants to say, and looks as usual otherwise', () => {
    const { tiles, ...look } = layoutSchema.parse({ name: 'mine', tiles: [tile], background: '#FF0000' });
    const { tiles: _, ...usual } = layoutDocument('grid') as LayoutDocument;
    expect(look).toEqual({ ...usual, name: 'mine', background: '#FF0000' });
    expect(tiles).toEqual([tile]);
  });

  test('may be measured in pixels of its own canvas', () => {
    const canvas = { width: 1280, height: 720 };
    const pixels = { ...tile, x: 640, y: 0, w: 640, h: 720 };
    expect(findings({ name: 'mine', canvas, gap: 12, tiles: [pixels] })).toBe('none');
    expect(findings({ name: 'mine', canvas, tiles: [{ ...pixels, w: 700 }] })).toBe(
      'tiles[0].w: Reaches past the canvas',
    );
    expect(findings({ name: 'mine', canvas, gap: 100, tiles: [pixels] })).toMatch(
      /^gap: Expected 1\/10 of the canvas height \(72\) at most/,
    );
  });

  test('may have tiles over one another where it says which is above', () => {
    expect(withTiles(tile, right)).toBe('none');
    expect(withTiles(tile, { ...right, x: 0.4, w: 0.6 })).toMatch(/^tiles\[1\]: Overlaps "a"/);
    expect(withTiles(tile, { ...right, x: 0.4, w: 0.6, z: 1 })).toBe('none');
  });
});

describe('what is no layout is refused with its path', () => {
  const first = { ...right, id: 'c', y: 0, h: 0.5 };
  test.each([
    ['no name of one', 'spiral', /^Invalid option: expected one of "grid"/],
    ['a number', 5, /^Invalid/],
    ['nothing in it', {}, /^name: .*; tiles: /],
    ['no tiles', { name: 'mine', tiles: [] }, /^tiles: Too small/],
    ['200 tiles', { name: 'mine', tiles: Array(200).fill(tile) }, /^tiles: Too big/],
    ['another key', { name: 'mine', tiles: [tile], colour: 'red' }, /^Unrecognized key: "colour"/],
    [
      'a colour by name',
      { name: 'mine', tiles: [tile], background: 'red' },
      /^background: Expected a colour/,
    ],
    ['a path as image', { name: 'mine', tiles: [tile], image: '../x.png' }, /^image: /],
    ['a long transition', { name: 'mine', tiles: [tile], transitionMs: 9e9 }, /^transitionMs: Too big/],
  ])('%s', (_name, document, finding) => expect(findings(document)).toMatch(finding));

  test.each([
    ['not a number', { w: Number.NaN }, /^tiles\[2\]\.w: /],
    ['null, as JSON has it', { w: null }, /^tiles\[2\]\.w: /],
    ['endless', { w: Number.POSITIVE_INFINITY }, /^tiles\[2\]\.w: /],
    ['negative', { x: -0.1 }, /^tiles\[2\]\.x: Too small/],
    ['huge', { h: 1e9 }, /^tiles\[2\]\.h: Too big/],
    ['past the edge', { w: 0.6 }, /^tiles\[2\]\.w: Reaches past the canvas/],
    ['next to nothing', { w: 0.001 }, /^tiles\[2\]\.w: Expected 0.02 at least/],
    ['of an id that is taken', { id: 'a' }, /^tiles\[2\]\.id: There is a tile "a" already/],
    ['of an unknown key', { colour: 1 }, /^tiles\[2\]: Unrecognized key: "colour"/],
    ['filled by nobody known', { fill: [{ by: 'mood' }] }, /^tiles\[2\]\.fill\[0\]\.by: /],
    ['both filled and flowing', { flow: { arrange: 'grid' } }, /^tiles\[2\]: Expected either fill or flow/],
    ['neither', { fill: undefined }, /^tiles\[2\]: Expected either fill or flow/],
    ['a flow of a strange shape', { fill: undefined, flow: { arrange: 'row', aspect: [9, 1] } }, /aspect/],
  ])('a tile that is %s', (_name, change, finding) => {
    expect(withTiles(tile, { ...right, y: 0.5, h: 0.5 }, { ...first, ...change })).toMatch(finding);
  });

  test('a key that would change the prototype', () => {
    const document = JSON.parse(
      `{"name": "mine", "tiles": [${JSON.stringify(tile)}], "__proto__": {"admin": true}}`,
    );
    expect(findings(document)).toBe('Unrecognized key: "__proto__"');
    const inside = JSON.stringify(tile).replace('{', '{"__proto__": {"w": 9}, ');
    expect(findings(JSON.parse(`{"name": "mine", "tiles": [${inside}]}`))).toBe(
      'tiles[0]: Unrecognized key: "__proto__"',
    );
  });

  test('also in the tiles of other circumstances', () => {
    const variants = [{ when: { people: [0, 1] }, tiles: [tile, { ...right, w: 3 }] }];
    expect(findings({ name: 'mine', tiles: [tile], variants })).toBe(
      'variants[0].tiles[1].w: Reaches past the canvas',
    );
    expect(
      findings({ name: 'mine', tiles: [tile], variants: [{ when: { people: [2, 1] }, tiles: [tile] }] }),
    ).toMatch(/^variants\[0\]\.when\.people: Expected the smaller/);
  });
});
