import { describe, expect, test } from '@jest/globals';
import { usualLook } from '../../../../src/rooms/layout/documents.ts';
import { solveLayout } from '../../../../src/rooms/layout/solve.ts';
import type { Attention, LayoutDocument, Person } from '../../../../src/rooms/layout/types.ts';

const canvas = { width: 1280, height: 720 };
const camera = (participant: string, role: Person['role'] = 'panelist'): Person => ({
  participant,
  kind: 'camera',
  role,
});
const screen = (participant: string): Person => ({ participant, kind: 'screen' });
const medium = (participant: string): Person => ({ participant, kind: 'media' });
const [ada, bob, cem, dan] = ['ada', 'bob', 'cem', 'dan'].map((name) => camera(name)) as Person[];

/** Who stands where, as `region: who`, and how many are hidden. */
function places(layout: string | LayoutDocument, people: Person[], attention: Attention = {}): string[] {
  const { tiles, overflow } = solveLayout(layout, people, canvas, attention);
  const shown = tiles.map(({ region, person }) => {
    const kind = person.kind === 'camera' ? '' : ` ${person.kind}`;
    return `${region}: ${person.participant}${kind}`;
  });
  return overflow ? [...shown, `+${overflow.count}`] : shown;
}

const many = (count: number): Person[] => Array.from({ length: count }, (_, index) => camera(`p${index}`));

describe('stage', () => {
  test('shows one alone, then who speaks large and the others in a row', () => {
    expect(places('stage', [ada!])).toEqual(['main: ada']);
    expect(solveLayout('stage', [ada!], canvas).tiles[0]!.px).toEqual({ x: 0, y: 0, w: 1280, h: 720 });
    expect(places('stage', [ada!, bob!, cem!])).toEqual(['main: ada', 'others: bob', 'others: cem']);
    expect(places('stage', [ada!, bob!, cem!], { floor: ['cem', 'bob'] })).toEqual([
      'main: cem',
      'others: ada',
      'others: bob',
    ]);
  });

  test('the spotlight counts more than the floor, and nothing for who is not there', () => {
    const attention = { floor: ['cem'], spotlight: 'bob' };
    expect(places('stage', [ada!, bob!, cem!], attention)[0]).toBe('main: bob');
    expect(places('stage', [ada!, cem!], attention)[0]).toBe('main: cem');
  });

  test('says how many more there are in place of the last tile of the row', () => {
    expect(places('stage', many(6))).toHaveLength(6);
    expect(places('stage', many(8))).toEqual([
      ...['main: p0', 'others: p1', 'others: p2', 'others: p3', 'others: p4', '+3'],
    ]);
    const { tiles, overflow } = solveLayout('stage', many(8), canvas);
    const [first, last] = [tiles[1]!, tiles.at(-1)!];
    expect(overflow).toMatchObject({ y: first.y, w: first.w, h: first.h });
    expect(overflow!.x).toBeCloseTo(last.x + (last.x - tiles.at(-2)!.x));
  });
});

describe('presentation', () => {
  test('a screen is large and whole, whoever speaks beside it', () => {
    const people = [ada!, bob!, screen('bob')];
    expect(places('presentation', people, { floor: ['ada'], spotlight: 'ada' })).toEqual([
      ...['main: bob screen', 'others: ada', 'others: bob'],
    ]);
    const [main] = solveLayout('presentation', people, canvas).tiles;
    expect(main).toMatchObject({ fit: 'contain' });
    expect(main!.px.w / main!.px.h).toBeCloseTo(16 / 9, 1);
  });

  test('the latest of several screens, and the others beside it', () => {
    const people = [ada!, screen('ada'), screen('bob')];
    expect(places('presentation', people)).toEqual(['main: bob screen', 'others: ada', 'others: ada screen']);
  });

  test('a screen alone fills the picture, a medium is shown like one', () => {
    expect(solveLayout('presentation', [screen('ada')], canvas).tiles[0]!.px.w).toBe(1280);
    expect(places('presentation', [ada!, medium('clip')])).toEqual(['main: clip media', 'others: ada']);
  });
});

describe('the others', () => {
  test('pip: one fills the picture, one stands above it', () => {
    expect(places('pip', [ada!, bob!, cem!], { floor: ['cem'] })).toEqual(['main: ada', 'inset: cem']);
    expect(places('pip', [ada!, bob!], { floor: ['ada'] })).toEqual(['main: ada', 'inset: bob']);
    expect(places('pip', [ada!, bob!, screen('bob')])).toEqual(['main: bob screen', 'inset: ada']);
    expect(solveLayout('pip', [ada!, bob!], canvas).tiles.map(({ z }) => z)).toEqual([0, 1]);
    expect(places('pip', [ada!])).toEqual(['main: ada']);
  });

  test('solo: who speaks', () => {
    expect(places('solo', [ada!, bob!], { floor: ['bob'] })).toEqual(['main: bob']);
    expect(places('solo', [screen('ada')])).toEqual(['main: ada screen']);
  });

  test('side-by-side: two, and a sign for the others', () => {
    expect(places('side-by-side', [ada!, bob!])).toEqual(['both: ada', 'both: bob']);
    expect(places('side-by-side', [ada!, bob!, cem!, dan!])).toEqual(['both: ada', 'both: bob', '+2']);
    expect(solveLayout('side-by-side', [ada!], canvas).tiles[0]!.px.w).toBe(1280);
  });

  test('auto: a screen makes a presentation, the spotlight a stage, else a grid', () => {
    const four = [ada!, bob!, cem!, dan!];
    expect(places('auto', four, { floor: ['cem'] })).toEqual(places('grid', four));
    expect(places('auto', four, { spotlight: 'cem' })).toEqual(places('stage', four, { spotlight: 'cem' }));
    const screened = [...four, screen('bob')];
    expect(places('auto', screened)).toEqual(places('presentation', screened));
    expect(places('auto', [ada!])).toEqual(['main: ada']);
  });
});

describe("a layout of one's own", () => {
  const region = (id: string, x: number, fill: LayoutDocument['tiles'][number]['fill']) => ({
    ...{ id, x, y: 0, w: 0.2, h: 1, fill },
  });
  const document: LayoutDocument = {
    ...usualLook,
    name: 'mine',
    tiles: [
      region('third', 0, [{ by: 'order', n: 3 }]),
      region('chair', 0.2, [{ by: 'role', role: 'host' }]),
      region('guest', 0.4, [{ by: 'participant', participant: 'dan' }, { by: 'order' }]),
      { id: 'rest', x: 0.6, y: 0, w: 0.4, h: 1, flow: { arrange: 'grid', max: 2 } },
    ],
  };

  test('finds people by order, role and name, each once', () => {
    const host = camera('zoe', 'host');
    expect(places(document, [ada!, bob!, cem!, host, dan!])).toEqual([
      ...['third: cem', 'chair: zoe', 'guest: dan', 'rest: ada', 'rest: bob'],
    ]);
    expect(places(document, [ada!, bob!])).toEqual(['guest: ada', 'rest: bob']);
    expect(places(document, many(7))).toEqual(['third: p2', 'guest: p0', 'rest: p1', '+4']);
  });
});
