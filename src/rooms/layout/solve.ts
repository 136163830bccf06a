import { layoutDocument } from './documents.ts';
import { solveGrid } from './grid.ts';
import type { Canvas, LayoutDocument, Person, PixelRect, SolvedTile } from './types.ts';

/**
 * Places people on the canvas: a pure function, the same on the server and in the page.
 * @param layout name of a built-in layout
 * @param people in order of arrival; tiles come in the same order
 * @throws RangeError when there is no such layout
 */
export function solve<P extends Person>(
  layout: string,
  people: readonly P[],
  canvas: Canvas,
): SolvedTile<P>[] {
  const document = layoutDocument(layout);
  if (!document) throw new RangeError(`no layout is named ${layout}`);
  const places = solveDocument(document, people.length, canvas);
  return people.map((person, index) => {
    const px = places[index]!;
    return { person, fit: document.fit[person.kind], px, ...inFractions(px, canvas) };
  });
}

function solveDocument(document: LayoutDocument, count: number, canvas: Canvas): PixelRect[] {
  switch (document.type) {
    case 'grid':
      return solveGrid(document, count, canvas);
  }
}

function inFractions(px: PixelRect, canvas: Canvas) {
  return {
    x: px.x / canvas.width,
    y: px.y / canvas.height,
    w: px.w / canvas.width,
    h: px.h / canvas.height,
  };
}
