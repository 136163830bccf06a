/** Layouts as REST and the WebSocket take them; `docs/layouts.md` says what they mean. */

import { z } from 'zod';
import { layoutDocument, layoutNames, usualLook } from '../rooms/layout/documents.ts';
import type { LayoutDocument, Rect, Region } from '../rooms/layout/types.ts';
import { color, fileName, line } from './text.ts';

/** Regions of one set of tiles, and sets in one document, at most. */
const MOST_REGIONS = 25;
const MOST_VARIANTS = 16;
/** Rounding of numbers written with a few decimals. */
const TOLERANCE = 1e-4;
const LARGEST = 8192;

const kind = z.enum(['camera', 'screen', 'media']);
const within = z.number().min(0).max(LARGEST);
const side = z.number().gt(0).max(LARGEST);
const rect = { x: within, y: within, w: side, h: side };
const regionId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'Expected 1 to 64 letters, digits, - and _');

const filler = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('order'), n: z.int().min(1).max(25).optional() }),
  z.strictObject({ by: z.literal('floor') }),
  z.strictObject({ by: z.literal('spotlight') }),
  z.strictObject({ by: z.literal('role'), role: z.enum(['host', 'co-host', 'panelist']) }),
  z.strictObject({
    by: z.literal('participant'),
    participant: z.string().min(1).max(64),
    kind: kind.optional(),
  }),
  z.strictObject({ by: z.literal('screen') }),
  z.strictObject({ by: z.literal('medium') }),
]);

const proportion = z.number().gt(0).max(10_000);

const flow = z.strictObject({
  arrange: z.enum(['grid', 'row', 'column']),
  aspect: z
    .tuple([proportion, proportion])
    .refine(([w, h]) => w / h >= 0.25 && w / h <= 4, 'Expected a proportion from 1:4 to 4:1')
    .nullable()
    .optional(),
  max: z.int().min(1).max(25).optional(),
});

const region = z
  .strictObject({
    id: regionId,
    ...rect,
    z: z.int().min(0).max(100).optional(),
    fit: z.enum(['cover', 'contain']).optional(),
    fill: z.array(filler).min(1).max(8).optional(),
    flow: flow.optional(),
  })
  .refine(({ fill, flow }) => (fill === undefined) !== (flow === undefined), 'Expected either fill or flow');

const regions = z.array(region).min(1).max(MOST_REGIONS);
const bounds = z
  .tuple([z.int().min(0).max(25), z.int().min(0).max(25)])
  .refine(([least, most]) => least <= most, 'Expected the smaller number first');

const variant = z.strictObject({
  when: z.strictObject({
    people: bounds.optional(),
    screens: bounds.optional(),
    spotlight: z.boolean().optional(),
  }),
  tiles: regions,
});

/** A layout; what it does not say of its look is as in the built-in ones. */
export const layoutSchema: z.ZodType<LayoutDocument, unknown> = z
  .strictObject({
    name: line(64),
    canvas: z
      .strictObject({ width: z.int().min(2).max(LARGEST), height: z.int().min(2).max(LARGEST) })
      .nullable()
      .default(null)
      .describe('What places and lengths are measured in; null: fractions of the canvas'),
    background: color.default(usualLook.background),
    image: fileName.nullable().default(null),
    gap: within.default(usualLook.gap),
    radius: within.default(usualLook.radius),
    border: within.default(usualLook.border),
    borderColor: color.default(usualLook.borderColor),
    speakingColor: color.nullable().default(usualLook.speakingColor),
    transitionMs: z.number().min(0).max(2000).default(usualLook.transitionMs),
    names: z.boolean().default(true),
    overflow: z.strictObject(rect).nullable().default(null),
    tiles: regions,
    variants: z.array(variant).max(MOST_VARIANTS).default([]),
  })
  .superRefine((document, context) => {
    const wrong = (path: PropertyKey[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    checkLengths(document, wrong);
    checkRegions(document.tiles, ['tiles'], document.canvas, wrong);
    for (const [at, { tiles }] of document.variants.entries()) {
      checkRegions(tiles, ['variants', at, 'tiles'], document.canvas, wrong);
    }
    if (document.overflow) checkInside(document.overflow, ['overflow'], document.canvas, wrong);
  });

/** As it is given back: everything is said. */
export const layoutView = layoutSchema.meta({ id: 'Layout' });

type Wrong = (path: PropertyKey[], message: string) => void;
type Unit = LayoutDocument['canvas'];

function checkLengths(
  document: Pick<LayoutDocument, 'canvas' | 'gap' | 'radius' | 'border'>,
  wrong: Wrong,
): void {
  const height = document.canvas?.height ?? 1;
  for (const [name, part] of [
    ['gap', 10],
    ['radius', 10],
    ['border', 20],
  ] as const) {
    const most = height / part;
    if (document[name] > most) wrong([name], `Expected 1/${part} of the canvas height (${most}) at most`);
  }
}

function checkRegions(tiles: readonly Region[], path: PropertyKey[], unit: Unit, wrong: Wrong): void {
  for (const [at, tile] of tiles.entries()) {
    checkInside(tile, [...path, at], unit, wrong);
    for (const other of tiles.slice(0, at)) {
      if (other.id === tile.id)
        wrong([...path, at, 'id'], `There is a tile ${JSON.stringify(tile.id)} already`);
      else if ((other.z ?? 0) === (tile.z ?? 0) && overlap(other, tile, unit))
        wrong([...path, at], `Overlaps ${JSON.stringify(other.id)}: give one of them another z`);
    }
  }
}

function checkInside(rect: Rect, path: PropertyKey[], unit: Unit, wrong: Wrong): void {
  const width = unit?.width ?? 1;
  const height = unit?.height ?? 1;
  const least = { w: width / 50, h: height / 50 };
  for (const name of ['w', 'h'] as const) {
    if (rect[name] < least[name]) wrong([...path, name], `Expected ${least[name]} at least`);
  }
  if (rect.x + rect.w > width * (1 + TOLERANCE)) wrong([...path, 'w'], 'Reaches past the canvas');
  if (rect.y + rect.h > height * (1 + TOLERANCE)) wrong([...path, 'h'], 'Reaches past the canvas');
}

function overlap(a: Rect, b: Rect, unit: Unit): boolean {
  const x = TOLERANCE * (unit?.width ?? 1);
  const y = TOLERANCE * (unit?.height ?? 1);
  return a.x + a.w > b.x + x && b.x + b.w > a.x + x && a.y + a.h > b.y + y && b.y + b.h > a.y + y;
}

/** Those that have a name. */
export const builtInLayouts = (): LayoutDocument[] => layoutNames.map((name) => layoutDocument(name)!);

/** In requests: the name of a built-in layout, or a layout. */
export const layout = z
  .union([
    z.enum(layoutNames as [string, ...string[]]).describe('Name of a built-in layout'),
    layoutSchema.meta({
      id: 'LayoutRequest',
      description: 'What is left out looks as in the built-in layouts',
    }),
  ])
  .describe('The name of a built-in layout, or a layout');
