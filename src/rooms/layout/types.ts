/** What a layout is made from and what it becomes. The page uses these too. */

/** A rectangle in fractions of the canvas, 0..1 from the top left corner. */
export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Canvas {
  /** Width and height in pixels, both even. */
  width: number;
  height: number;
}

/** Somebody to be placed. `kind` decides whether their picture may be cropped. */
export interface Person {
  participant: string;
  kind: 'camera' | 'screen' | 'media';
}

export type Fit = 'cover' | 'contain';

/** Equal tiles in rows, in the order people arrived. */
export interface GridDocument {
  name: string;
  type: 'grid';
  /** Width by height of every tile. */
  aspect: [number, number];
  /** Space between tiles, in fractions of the canvas height. */
  gap: number;
  /** How a picture of each kind fills its tile. */
  fit: Record<Person['kind'], Fit>;
}

export type LayoutDocument = GridDocument;

/** A place in the canvas in even pixels, so that chroma planes of half the size fit too. */
export interface PixelRect {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface SolvedTile<P extends Person = Person> extends Rect {
  person: P;
  fit: Fit;
  /** The same place in pixels. */
  px: PixelRect;
}
