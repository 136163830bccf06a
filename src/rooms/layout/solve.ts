import { toFractions, toPixels } from './box.ts';
import { layoutDocument } from './documents.ts';
import { type Filled, fillRegions } from './fill.ts';
import { capacityOf, flowInto } from './flow.ts';
import type {
  Attention,
  Canvas,
  Fit,
  LayoutDocument,
  Person,
  PixelRect,
  Rect,
  Region,
  Solved,
  SolvedTile,
  When,
} from './types.ts';

/**
 * Places people on the canvas: a pure function, the same on the server and in the page.
 * @param layout a document, or the name of a built-in layout
 * @param people in order of arrival
 * @returns tiles in order of the layout's regions, and in each in the order of `people`
 * @throws RangeError when there is no such layout
 */
export function solve<P extends Person>(
  layout: string | LayoutDocument,
  people: readonly P[],
  canvas: Canvas,
  attention: Attention = {},
): SolvedTile<P>[] {
  return solveLayout(layout, people, canvas, attention).tiles;
}

/** As `solve`, and says who has no tile. */
export function solveLayout<P extends Person>(
  layout: string | LayoutDocument,
  people: readonly P[],
  canvas: Canvas,
  attention: Attention = {},
): Solved<P> {
  const document = typeof layout === 'string' ? layoutDocument(layout) : layout;
  if (!document) throw new RangeError(`no layout is named ${layout}`);
  const unit = document.canvas;
  const regions = regionsFor(document, people, attention).map((region) => inFractions(region, unit));
  const gap = Math.floor((length(document.gap, unit) * canvas.height) / 2) * 2;
  const flows = regions.filter(({ flow }) => flow);
  const capacity = (region: Region): number =>
    region.flow ? capacityOf(toPixels(region, canvas), region.flow, gap) : 1;
  const { filled, hidden } = fillRegions(regions, people, attention, capacity);
  const last = filled.find(({ region }) => region === flows.at(-1));
  const badge = document.overflow && inFractions(document.overflow, unit);
  // Without a place of its own "+N" takes that of the last who still had one.
  const inFlow = hidden.length > 0 && badge === null && last !== undefined && last.people.length > 1;
  const said = inFlow ? last.people.pop() : undefined;
  if (said) hidden.unshift(said);
  const cells = new Map(filled.map((one) => [one, cellsOf(one, one === last && inFlow, canvas, gap)]));
  const tiles = filled.flatMap((one) => tilesOf(one, cells.get(one)!, canvas));
  const place = inFlow ? toFractions(cells.get(last)!.at(-1)!, canvas) : badge;
  const overflow = hidden.length > 0 && place ? { ...place, count: hidden.length } : null;
  return { tiles, hidden, overflow };
}

function regionsFor(
  document: LayoutDocument,
  people: readonly Person[],
  attention: Attention,
): readonly Region[] {
  const cameras = people.filter(({ kind }) => kind === 'camera');
  const circumstances = {
    people: cameras.length,
    screens: people.length - cameras.length,
    spotlight: cameras.some(({ participant }) => participant === attention.spotlight),
  };
  return document.variants.find(({ when }) => fits(when, circumstances))?.tiles ?? document.tiles;
}

function fits(when: When, now: { people: number; screens: number; spotlight: boolean }): boolean {
  const within = (bounds: readonly [number, number] | undefined, value: number): boolean =>
    bounds === undefined || (value >= bounds[0] && value <= bounds[1]);
  if (when.spotlight !== undefined && when.spotlight !== now.spotlight) return false;
  return within(when.people, now.people) && within(when.screens, now.screens);
}

/** @param plus whether "+N" needs a cell beside the people's */
function cellsOf<P extends Person>(
  { region, people }: Filled<P>,
  plus: boolean,
  canvas: Canvas,
  gap: number,
): PixelRect[] {
  const box = toPixels(region, canvas);
  if (!region.flow) return people.length > 0 ? [box] : [];
  return flowInto(box, region.flow, people.length + (plus ? 1 : 0), gap);
}

function tilesOf<P extends Person>(
  { region, people }: Filled<P>,
  cells: PixelRect[],
  canvas: Canvas,
): SolvedTile<P>[] {
  return people.map((person, index) => {
    const px = cells[index]!;
    return {
      ...{ person, fit: region.fit ?? usualFit(person), z: region.z ?? 0 },
      ...{ region: region.id, shared: region.flow !== undefined, px },
      ...toFractions(px, canvas),
    };
  });
}

const usualFit = ({ kind }: Person): Fit => (kind === 'camera' ? 'cover' : 'contain');

const length = (value: number, unit: Canvas | null): number => (unit ? value / unit.height : value);

const inFractions = <R extends Rect>(rect: R, unit: Canvas | null): R => {
  if (!unit) return rect;
  const { x, y, w, h } = rect;
  return { ...rect, x: x / unit.width, y: y / unit.height, w: w / unit.width, h: h / unit.height };
};
