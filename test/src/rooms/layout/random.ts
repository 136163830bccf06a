import { usualLook } from '../../../../src/rooms/layout/documents.ts';
import type {
  Attention,
  Filler,
  LayoutDocument,
  Person,
  Region,
} from '../../../../src/rooms/layout/types.ts';

/** Numbers from a seed, so that a case that fails can be had again (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;

export function randomPeople(random: () => number): Person[] {
  const count = Math.floor(random() * 26);
  return Array.from({ length: count }, (_, index) => ({
    participant: `p${index}`,
    kind: pick(random, ['camera', 'camera', 'camera', 'screen', 'media'] as const),
    role: pick(random, ['host', 'co-host', 'panelist'] as const),
  }));
}

export function randomAttention(random: () => number): Attention {
  const somebody = () => `p${Math.floor(random() * 26)}`;
  const floor = [...new Set(Array.from({ length: 5 }, somebody))];
  return { floor, spotlight: random() < 0.5 ? somebody() : null };
}

/** A valid document: regions cut from a raster, which do not overlap, and sometimes one above them. */
export function randomDocument(random: () => number): LayoutDocument {
  const columns = 1 + Math.floor(random() * 4);
  const rows = 1 + Math.floor(random() * 4);
  const regions: Region[] = [];
  for (let index = 0; index < columns * rows; index++) {
    const place = { x: (index % columns) / columns, y: Math.floor(index / columns) / rows };
    regions.push({ id: `r${index}`, ...place, w: 1 / columns, h: 1 / rows, ...content(random) });
  }
  if (random() < 0.3) regions.push({ id: 'above', x: 0.3, y: 0.3, w: 0.4, h: 0.4, z: 1, ...content(random) });
  return { ...usualLook, name: 'random', gap: random() * 0.1, tiles: regions };
}

function content(random: () => number): Pick<Region, 'fill' | 'flow'> {
  if (random() < 0.3) {
    const aspect = pick(random, [undefined, null, [16, 9], [1, 4], [4, 1]] as const);
    const max = pick(random, [undefined, 1, 2, 3, 6]);
    return { flow: { arrange: pick(random, ['grid', 'row', 'column']), aspect, max } };
  }
  const fillers: Filler[] = [
    { by: 'order' },
    { by: 'order', n: 1 + Math.floor(random() * 5) },
    { by: 'floor' },
    { by: 'spotlight' },
    { by: 'role', role: 'host' },
    { by: 'participant', participant: 'p3' },
    { by: 'screen' },
    { by: 'medium' },
  ];
  return { fill: [pick(random, fillers), pick(random, fillers)] };
}
