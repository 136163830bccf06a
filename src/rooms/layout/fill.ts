import type { Attention, Filler, Person, Region } from './types.ts';

/** Who stands where: one person for a region with `fill`, several for one with `flow`. */
export interface Filled<P extends Person> {
  region: Region;
  people: P[];
}

/**
 * Gives people to regions in the order of the regions, those with `flow` last.
 * @returns who stands where, and who found no place
 */
export function fillRegions<P extends Person>(
  regions: readonly Region[],
  people: readonly P[],
  attention: Attention,
  capacityOf: (region: Region) => number,
): { filled: Filled<P>[]; hidden: P[] } {
  const free = new Set(people);
  const taken = new Map<Region, P[]>();
  const take = (region: Region, persons: P[]): void => {
    for (const person of persons) free.delete(person);
    taken.set(region, persons);
  };
  for (const region of regions) {
    const found = firstOf(region.fill ?? [], (filler) => find(filler, people, free, attention));
    if (found) take(region, [found]);
  }
  for (const region of regions) {
    if (region.flow) take(region, [...free].slice(0, capacityOf(region)));
  }
  const filled = regions.map((region) => ({ region, people: taken.get(region) ?? [] }));
  return { filled, hidden: [...free] };
}

function firstOf<F, P>(fillers: readonly F[], find: (filler: F) => P | undefined): P | undefined {
  for (const filler of fillers) {
    const found = find(filler);
    if (found) return found;
  }
  return undefined;
}

function find<P extends Person>(
  filler: Filler,
  people: readonly P[],
  free: ReadonlySet<P>,
  { floor = [], spotlight = null }: Attention,
): P | undefined {
  const cameras = people.filter(({ kind }) => kind === 'camera');
  const freeCameras = cameras.filter((person) => free.has(person));
  const cameraOf = (participant: string | null): P | undefined =>
    freeCameras.find((person) => person.participant === participant);
  switch (filler.by) {
    case 'order': {
      if (filler.n === undefined) return freeCameras[0];
      const nth = cameras[filler.n - 1];
      return nth && free.has(nth) ? nth : undefined;
    }
    case 'floor':
      return cameraOf(spotlight) ?? firstOf(floor, cameraOf) ?? freeCameras[0];
    case 'spotlight':
      return cameraOf(spotlight);
    case 'role':
      return freeCameras.find(({ role }) => role === filler.role);
    case 'participant': {
      const { participant, kind = 'camera' } = filler;
      return [...free].find((person) => person.participant === participant && person.kind === kind);
    }
    case 'screen':
      return [...free].findLast(({ kind }) => kind === 'screen');
    case 'medium':
      return [...free].findLast(({ kind }) => kind === 'media');
  }
}
