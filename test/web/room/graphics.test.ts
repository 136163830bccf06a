import { describe, expect, test } from '@jest/globals';
import type { SceneElement } from '../../../src/live/contract.ts';
import {
  elementOf,
  type Graphic,
  readCardLine,
  readGraphic,
  summaryOf,
  withOnAir,
  writeCardLine,
} from '../../../web/src/room/graphics.ts';
import { Rundown } from '../../../web/src/room/rundown.ts';
import { draftOf, graphicFrom } from '../../../web/src/ui/desk/graphicFields.ts';

const graphics: Graphic[] = [
  { id: 'a', type: 'lower-third', title: 'Ada', subtitle: 'Engines' },
  { id: 'b', type: 'logo', image: 'logo.png', corner: 'bottom-left' },
  { id: 'c', type: 'ticker', text: 'News' },
  { id: 'd', type: 'countdown', title: 'Soon', minutes: 2.5 },
  { id: 'e', type: 'slate', title: 'Lunch', text: 'Back at one', image: null },
  {
    id: 'f',
    type: 'card',
    title: 'Tea?',
    lines: [
      { text: 'Yes', share: 0.4 },
      { text: 'Never', share: null },
    ],
  },
];

describe('a graphic', () => {
  test.each(graphics)('of type $type is the same after its form, and after storage', (graphic) => {
    expect(graphicFrom(graphic.id, graphic.type, draftOf(graphic))).toEqual(graphic);
    expect(readGraphic(JSON.parse(JSON.stringify(graphic)))).toEqual(graphic);
    expect(summaryOf(graphic)).not.toBe('');
  });

  test('that counts down says how long, and leaves it to the server when that is over', () => {
    expect(elementOf(graphics[3]!)).toEqual({
      ...{ id: 'd', type: 'countdown', title: 'Soon', durationMs: 150_000 },
    });
    expect(elementOf(graphics[0]!)).toBe(graphics[0]);
  });

  test('of another host is listed after one’s own', () => {
    const foreign = { id: 'x', type: 'countdown', title: '', untilMs: 90_000 } as const;
    const listed = withOnAir(graphics.slice(0, 2), [graphics[1] as SceneElement, foreign], 0);
    expect(listed.map(({ id }) => id)).toEqual(['a', 'b', 'x']);
    expect(listed[2]).toMatchObject({ minutes: 2 });
  });

  test.each([
    ['Yes 40%', { text: 'Yes', share: 0.4 }],
    ['  Not sure 12,5 % ', { text: 'Not sure', share: 0.125 }],
    ['100% sure', { text: '100% sure', share: null }],
    ['More than all 140%', { text: 'More than all 140%', share: null }],
    ['50%', { text: '50%', share: null }],
  ])('reads the line %j', (line, read) => {
    expect(readCardLine(line)).toEqual(read);
    expect(readCardLine(writeCardLine(read))).toEqual(read);
  });

  test.each([
    null,
    7,
    [],
    {},
    { id: 'a' },
    { id: 'a', type: 'html' },
    { id: '../', type: 'ticker', text: 'x' },
  ])('is not made of %j', (stored) => expect(readGraphic(stored)).toBeNull());

  test('of an older kind gets what it lacks', () => {
    expect(readGraphic({ id: 'b', type: 'logo', image: 7, corner: 'middle' })).toEqual({
      ...{ id: 'b', type: 'logo', image: '', corner: 'top-right' },
    });
    expect(readGraphic({ id: 'f', type: 'card', title: 'T', lines: [null, { text: 'ok' }] })).toMatchObject({
      lines: [{ text: 'ok', share: null }],
    });
  });
});

describe('the rundown', () => {
  const shelf = () => {
    const stored = new Map<string, string>();
    return {
      stored,
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    };
  };

  test('remembers each room’s graphics in their order', () => {
    const storage = shelf();
    const one = new Rundown('one', storage);
    for (const graphic of graphics.slice(0, 3)) one.keep(graphic);
    one.keep({ id: 'a', type: 'lower-third', title: 'Grace', subtitle: '' });
    one.forget('b');
    expect(new Rundown('one', storage).store.get().graphics).toMatchObject([{ title: 'Grace' }, { id: 'c' }]);
    expect(new Rundown('other', storage).store.get().graphics).toEqual([]);
  });

  test.each(['{', '7', '{"a":1}', '[{"id":"a","type":"nothing"}]'])('is empty after the junk %j', (junk) => {
    const storage = shelf();
    storage.stored.set('rostrum.graphics.one', junk);
    expect(new Rundown('one', storage).store.get().graphics).toEqual([]);
  });

  test('works where nothing may be stored', () => {
    const forbidden = {
      getItem: () => {
        throw new Error('forbidden');
      },
      setItem: () => {
        throw new Error('forbidden');
      },
    };
    const rundown = new Rundown('one', forbidden);
    rundown.keep(graphics[0]!);
    expect(rundown.store.get().graphics).toHaveLength(1);
  });
});
