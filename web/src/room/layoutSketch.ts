import { solveLayout } from '../../../src/rooms/layout/solve.ts';
import type { Attention, Kind, LayoutDocument, Person } from '../../../src/rooms/layout/types.ts';

/** Where somebody would stand, in fractions of the picture. */
export interface SketchTile {
  key: string;
  kind: Kind;
  /** Initials, or nothing. */
  label: string;
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Sketch {
  /** Those in front come last. */
  tiles: SketchTile[];
  /** Where it says how many more there are. */
  overflow: { x: number; y: number; w: number; h: number; count: number } | null;
}

/** Somebody to be drawn. */
export interface Sketched extends Person {
  label: string;
}

/** Small enough to be solved often, large enough that even pixels do not show. */
const CANVAS = { width: 640, height: 360 };

/** With nobody on stage a layout is shown with these. */
export const stand: readonly Sketched[] = ['1', '2', '3'].map((label) => ({
  participant: `stand-in-${label}`,
  kind: 'camera' as const,
  label,
}));

/** What a layout would make of those who are on stage now, as the mixer would draw it. */
export function sketch(
  layout: string | LayoutDocument,
  people: readonly Sketched[],
  attention: Attention,
): Sketch {
  const shown = people.length > 0 ? people : stand;
  const { tiles, overflow } = solveLayout(layout, shown, CANVAS, attention);
  const placed = [...tiles].sort((one, other) => one.z - other.z);
  return {
    tiles: placed.map(({ person, x, y, w, h }) => ({
      key: `${person.kind} ${person.participant}`,
      ...{ kind: person.kind, label: person.label, x, y, w, h },
    })),
    overflow,
  };
}
