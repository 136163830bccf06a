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

export type Kind = 'camera' | 'screen' | 'media';
export type Fit = 'cover' | 'contain';
export type StageRole = 'host' | 'co-host' | 'panelist';

/** Somebody to be placed. `kind` decides whether their picture may be cropped. */
export interface Person {
  participant: string;
  kind: Kind;
  /** Needed by layouts that place somebody by role. */
  role?: StageRole | 'viewer';
}

/** Whom the room looks at. */
export interface Attention {
  /** Participants by when they last had the floor, who has it first. */
  floor?: readonly string[];
  /** Whom the host put in front. */
  spotlight?: string | null;
}

/**
 * Who comes into a region. Each finds somebody who has no place yet; people are meant by their cameras.
 *  - `order`: the `n`th on stage in order of arrival, from 1; without `n` the first who has no place yet.
 *  - `floor`: who is in the spotlight, else who speaks or spoke last, else the first on stage.
 *  - `spotlight`: who is in it.
 *  - `role`: the first of that role. `participant`: this person, or what they share.
 *  - `screen`, `medium`: the latest.
 */
export type Filler =
  | { by: 'order'; n?: number }
  | { by: 'floor' }
  | { by: 'spotlight' }
  | { by: 'role'; role: StageRole }
  | { by: 'participant'; participant: string; kind?: Kind }
  | { by: 'screen' }
  | { by: 'medium' };

/** How a region is shared by all who have no place of their own. */
export interface Flow {
  /** `grid` takes the number of columns with the largest tiles. */
  arrange: 'grid' | 'row' | 'column';
  /** Width and height of every tile in proportion, null to fill the region; default 16:9. */
  aspect?: readonly [number, number] | null;
  /** Tiles at most, 1..25; default 25. With more people the last tile says "+N". */
  max?: number;
}

/**
 * A place on the canvas. It has either `fill`, of which the first who finds somebody counts, for one tile, or
 * `flow`, for all the others. A region nobody is found for stays empty.
 */
export interface Region extends Rect {
  id: string;
  /** Drawn over those with a smaller one, 0..100; default 0. */
  z?: number;
  /** Default: cameras cover their tile, screens and media are shown whole. */
  fit?: Fit;
  fill?: readonly Filler[];
  flow?: Flow;
}

/** When a variant counts; what is left out does not matter. Bounds are inclusive. */
export interface When {
  /** Cameras on stage. */
  people?: readonly [number, number];
  /** Screens and media. */
  screens?: readonly [number, number];
  /** Whether somebody on stage is in the spotlight. */
  spotlight?: boolean;
}

/**
 * A layout as it is given and read. Places are fractions of the canvas, lengths fractions of its height,
 * unless `canvas` says in which number of pixels they are measured. Colours are `#rrggbb`.
 */
export interface LayoutDocument {
  name: string;
  /** What places and lengths are measured in; null: fractions. */
  canvas: Canvas | null;
  background: string;
  /** Image behind the tiles, by name; null for none. */
  image: string | null;
  /** Between the tiles of a flow. */
  gap: number;
  /** Of the tiles' corners. */
  radius: number;
  /** Width of the frame around each tile. */
  border: number;
  borderColor: string;
  /** Frame of who speaks; null for none. */
  speakingColor: string | null;
  /** How long tiles move and fade, 0..2000 ms. */
  transitionMs: number;
  /** Whether tiles say who is in them. */
  names: boolean;
  /** Where "+N" stands; null: in the last tile of a flow. */
  overflow: Rect | null;
  tiles: readonly Region[];
  /** Other tiles for other circumstances: the first that fits is taken. */
  variants: readonly { when: When; tiles: readonly Region[] }[];
}

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
  z: number;
  /** Id of the region it stands in. */
  region: string;
  /** True in a region that all share: somebody else can take the place. */
  shared: boolean;
  /** The same place in pixels. */
  px: PixelRect;
}

export interface Solved<P extends Person = Person> {
  /** In order of the regions, and of the people in them. */
  tiles: SolvedTile<P>[];
  /** Those without a tile. */
  hidden: P[];
  /** Where it is said how many those are, if the layout says it. */
  overflow: (Rect & { count: number }) | null;
}
