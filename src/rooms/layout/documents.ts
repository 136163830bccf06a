import type { Filler, LayoutDocument, Region } from './types.ts';

const GAP = 1 / 90;

/** How the built-in layouts look, and what a document need not say. */
export const usualLook = {
  canvas: null,
  background: '#14171d',
  image: null,
  gap: GAP,
  radius: 0,
  border: 0,
  borderColor: '#2b313c',
  speakingColor: '#35c37d',
  transitionMs: 250,
  names: true,
  overflow: null,
  variants: [],
} as const satisfies Partial<LayoutDocument>;

const whole = { x: 0, y: 0, w: 1, h: 1 } as const;
const screen: Filler[] = [{ by: 'screen' }, { by: 'medium' }];
const all: Region[] = [{ id: 'all', ...whole, flow: { arrange: 'grid' } }];

/** The gap beside a strip, in fractions of the width or height. */
const STRIP_GAP = 0.012;

/** One large and the others in a row below it, both in the canvas's own shape. */
const large = (fill: Filler[]): Region[] => [
  { id: 'main', x: 0.1, y: 0, w: 0.8, h: 0.8, fill },
  {
    id: 'others',
    ...{ x: 0, y: 0.8 + STRIP_GAP, w: 1, h: 0.2 - STRIP_GAP },
    flow: { arrange: 'row', max: 5 },
  },
];

/** A screen as large as can be, people in a column beside it. */
const besideScreen: Region[] = [
  { id: 'main', x: 0, y: 0.09, w: 0.82, h: 0.82, fill: [...screen, { by: 'floor' }] },
  {
    id: 'others',
    ...{ x: 0.82 + STRIP_GAP, y: 0, w: 0.18 - STRIP_GAP, h: 1 },
    flow: { arrange: 'column', max: 5 },
  },
];

const alone = { people: [0, 1], screens: [0, 0] } as const;
const nobodyBeside = { people: [0, 0], screens: [1, 1] } as const;
const full = (fill: Filler[]): Region[] => [{ id: 'main', ...whole, fill }];

const stage = large([{ by: 'floor' }, ...screen]);
const stageVariants = [{ when: alone, tiles: full([{ by: 'floor' }]) }];
const presentationVariants = [
  { when: nobodyBeside, tiles: full(screen) },
  { when: { screens: [1, 25] }, tiles: besideScreen },
  ...stageVariants,
] as const;
const spotlit = { when: { spotlight: true }, tiles: stage };

const documents: LayoutDocument[] = [
  { ...usualLook, name: 'grid', tiles: all },
  { ...usualLook, name: 'stage', variants: stageVariants, tiles: stage },
  { ...usualLook, name: 'presentation', variants: presentationVariants, tiles: stage },
  {
    ...usualLook,
    name: 'pip',
    tiles: [
      { id: 'main', ...whole, fill: [...screen, { by: 'spotlight' }, { by: 'order' }] },
      { id: 'inset', x: 0.73, y: 0.72, w: 0.25, h: 0.25, z: 1, fill: [{ by: 'floor' }, ...screen] },
    ],
  },
  { ...usualLook, name: 'solo', tiles: full([{ by: 'floor' }, ...screen]) },
  {
    ...usualLook,
    name: 'side-by-side',
    overflow: { x: 0.93, y: 0.03, w: 0.05, h: 0.07 },
    tiles: [{ id: 'both', ...whole, flow: { arrange: 'row', aspect: null, max: 2 } }],
  },
  {
    ...usualLook,
    name: 'auto',
    variants: [
      { when: nobodyBeside, tiles: full(screen) },
      { when: { screens: [1, 25] }, tiles: besideScreen },
      ...stageVariants,
      spotlit,
    ],
    tiles: all,
  },
];

const builtIn = new Map(documents.map((document) => [document.name, document]));

/** Names of the built-in layouts. */
export const layoutNames: readonly string[] = [...builtIn.keys()];

/** The document of a built-in layout, or undefined. */
export function layoutDocument(name: string): LayoutDocument | undefined {
  return builtIn.get(name);
}
