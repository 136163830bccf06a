import { describe, expect, test } from '@jest/globals';
import { layoutDocument, layoutNames } from '../../../../src/rooms/layout/documents.ts';
import { solveLayout } from '../../../../src/rooms/layout/solve.ts';
import type {
  Attention,
  Canvas,
  LayoutDocument,
  Person,
  Solved,
} from '../../../../src/rooms/layout/types.ts';
import { layoutSchema } from '../../../../src/schemas/layout.ts';
import { randomAttention, randomDocument, randomFrom, randomPeople } from './random.ts';

const canvases: Canvas[] = [
  { width: 1280, height: 720 },
  { width: 320, height: 180 },
  { width: 1920, height: 1080 },
  { width: 720, height: 1280 },
  { width: 854, height: 480 },
];

/** What is true of every picture, whatever the layout and whoever is there. */
function expectSound(solved: Solved, people: readonly Person[], canvas: Canvas, name: string): void {
  const broken: string[] = [];
  for (const [index, { px, z, region }] of solved.tiles.entries()) {
    if ([px.x, px.y, px.w, px.h].some((n) => n % 2 !== 0)) broken.push(`${region} is odd`);
    if (px.w < 2 || px.h < 2) broken.push(`${region} is nothing`);
    if (px.x < 0 || px.y < 0 || px.x + px.w > canvas.width || px.y + px.h > canvas.height) {
      broken.push(`${region} is outside: ${JSON.stringify(px)}`);
    }
    for (const other of solved.tiles.slice(0, index)) {
      if (other.z === z && overlap(other.px, px)) broken.push(`${region} covers ${other.region}`);
    }
  }
  const placed = [...solved.tiles.map(({ person }) => person), ...solved.hidden];
  if (placed.length !== people.length || people.some((person) => !placed.includes(person))) {
    broken.push('somebody is lost, or twice there');
  }
  if (solved.overflow && solved.overflow.count !== solved.hidden.length) broken.push('+N is not N');
  expect([name, broken]).toEqual([name, []]);
}

const overlap = (a: Solved['tiles'][number]['px'], b: typeof a): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const cameras = (count: number): Person[] =>
  Array.from({ length: count }, (_, index) => ({ participant: `p${index}`, kind: 'camera' }));

describe.each(layoutNames)('%s', (name) => {
  test('with 0 to 25 people, with and without a screen, on every canvas', () => {
    for (const canvas of canvases) {
      for (let count = 0; count <= 25; count++) {
        const people = cameras(count);
        const withScreen: Person[] = [...people.slice(1), { participant: 'p0', kind: 'screen' }];
        for (const [who, attention] of [
          [people, {}],
          [people, { floor: ['p2', 'p0'], spotlight: 'p1' }],
          [withScreen, { floor: ['p2'] }],
        ] as [Person[], Attention][]) {
          const solved = solveLayout(name, who, canvas, attention);
          expectSound(solved, who, canvas, `${name} ${count} ${canvas.width}`);
          if (who.length > 0) expect(solved.tiles.length).toBeGreaterThan(0);
        }
      }
    }
  });

  test('is the same for the same, and changes nothing of what it is given', () => {
    const people = Object.freeze(cameras(7).map((person) => Object.freeze(person)));
    const attention = Object.freeze({ floor: Object.freeze(['p3']), spotlight: null });
    const once = solveLayout(name, people, canvases[0]!, attention);
    expect(solveLayout(name, people, canvases[0]!, attention)).toEqual(once);
  });

  test('nobody changes the order when somebody else leaves', () => {
    for (let count = 2; count <= 25; count++) {
      for (let leaver = 0; leaver < count; leaver++) {
        const people = cameras(count);
        const left = people.filter((_, index) => index !== leaver);
        const orderOf = (who: Person[]) =>
          solveLayout(name, who, canvases[0]!, { floor: [`p${count - 1}`] })
            .tiles.filter((tile) => tile.shared)
            .map((tile) => Number(tile.person.participant.slice(1)));
        const order = orderOf(left);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }
    }
  });
});

test('3,000 random layouts with random people', () => {
  for (let seed = 1; seed <= 3000; seed++) {
    const random = randomFrom(seed);
    const document = randomDocument(random);
    if (seed % 100 === 0)
      expect(layoutSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(
        JSON.parse(JSON.stringify(document)),
      );
    const people = randomPeople(random);
    const canvas = canvases[seed % canvases.length]!;
    const solved = solveLayout(document, people, canvas, randomAttention(random));
    expectSound(solved, people, canvas, `seed ${seed}`);
  }
});

test('pixels of a canvas of its own mean the same as fractions', () => {
  const { width, height } = { width: 1600, height: 900 };
  const fractions = layoutDocument('stage') as LayoutDocument;
  const scaled = (tiles: LayoutDocument['tiles']) =>
    tiles.map((tile) => ({
      ...tile,
      x: tile.x * width,
      y: tile.y * height,
      w: tile.w * width,
      h: tile.h * height,
    }));
  const pixels: LayoutDocument = {
    ...fractions,
    canvas: { width, height },
    gap: fractions.gap * height,
    tiles: scaled(fractions.tiles),
    variants: fractions.variants.map((variant) => ({ ...variant, tiles: scaled(variant.tiles) })),
  };
  for (const count of [1, 3, 9]) {
    const [a, b] = [fractions, pixels].map((document) => solveLayout(document, cameras(count), canvases[0]!));
    expect(b!.tiles.map(({ px }) => px)).toEqual(a!.tiles.map(({ px }) => px));
  }
});
