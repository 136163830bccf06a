import { describe, expect, test } from '@jest/globals';
import { layoutDocument, layoutNames } from '../../../src/rooms/layout/documents.ts';
import { sketch, stand } from '../../../web/src/room/layoutSketch.ts';

const person = (label: string) => ({ participant: label, kind: 'camera' as const, label });
const screen = { participant: 'a', kind: 'screen' as const, label: '▤' };

describe('a layout in small', () => {
  test.each(layoutNames)('%s shows somebody, inside the picture, even with nobody on stage', (name) => {
    for (const people of [[], [person('a')], [...'abcdefghijkl'].map(person), [screen, person('a')]]) {
      const { tiles } = sketch(name, people, {});
      expect(tiles.length).toBeGreaterThan(0);
      for (const { x, y, w, h } of tiles) {
        expect([x, y, 1 - x - w, 1 - y - h].every((each) => each >= -1e-9)).toBe(true);
      }
    }
  });

  test('stands people in only while nobody is there', () => {
    expect(sketch('grid', [], {}).tiles.map(({ label }) => label)).toEqual(stand.map(({ label }) => label));
    expect(sketch('grid', [person('a')], {}).tiles.map(({ label }) => label)).toEqual(['a']);
  });

  test('looks at whom the room looks at, and draws what is in front last', () => {
    const people = [person('a'), person('b')];
    expect(sketch('solo', people, { spotlight: 'b' }).tiles.map(({ label }) => label)).toEqual(['b']);
    const { tiles } = sketch('pip', [screen, ...people], { floor: ['b'] });
    expect(tiles.map(({ label }) => label)).toEqual(['▤', 'b']);
  });

  test('says how many more there are, also for a document of one’s own', () => {
    const own = { ...layoutDocument('side-by-side')!, name: 'mine' };
    expect(sketch(own, [...'abcde'].map(person), {}).overflow?.count).toBe(3);
  });
});
