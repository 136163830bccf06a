import { type BenchMode, type BenchPoint, benchModes, type CpuParts } from '../compare/result.ts';
import type { ClientCost, LatencyAt, PartsAt } from './analysisTypes.ts';
import { mean, sum } from './fit/line.ts';

export const partNames = [
  'receive',
  'decode',
  'compose',
  'encode',
  'send',
  'other',
] as const satisfies readonly (keyof CpuParts)[];

interface Cell {
  mode: BenchMode;
  speakers: number;
  viewers: number;
}

/** The repetitions of each cell of the grid, by mode, speakers and viewers. */
export function cellsOf(points: readonly BenchPoint[]): (Cell & { members: BenchPoint[] })[] {
  const found = new Map<string, Cell & { members: BenchPoint[] }>();
  for (const point of points) {
    const { mode, speakers, viewers } = point;
    const key = `${mode} ${speakers} ${viewers}`;
    const cell = found.get(key) ?? { mode, speakers, viewers, members: [] };
    cell.members.push(point);
    found.set(key, cell);
  }
  return [...found.values()].sort(
    (a, b) =>
      benchModes.indexOf(a.mode) - benchModes.indexOf(b.mode) ||
      a.speakers - b.speakers ||
      a.viewers - b.viewers,
  );
}

/** Means over all points of a mode and number of speakers: they do not depend on how many watch. */
export function clientCosts(points: readonly BenchPoint[]): ClientCost[] {
  return cellsOf(points.map((point) => ({ ...point, viewers: 0 }))).map(({ mode, speakers, members }) => ({
    mode,
    speakers,
    uplinkBps: mean(members.map(({ uplinkBps }) => uplinkBps)),
    downlinkBps: mean(members.map(({ downlinkBps }) => downlinkBps)),
    decodeCpu: meanOf(members.map(({ clientDecodeCpu }) => clientDecodeCpu)),
  }));
}

export function partsOf(points: readonly BenchPoint[]): PartsAt[] {
  return cellsOf(points.filter(({ cpu }) => cpu.parts !== null)).map(({ members, ...cell }) => {
    const total = mean(members.map(({ cpu }) => cpu.total));
    const parts = Object.fromEntries(
      partNames.map((name) => [name, mean(members.map(({ cpu }) => cpu.parts![name]))]),
    ) as unknown as CpuParts;
    return { ...cell, total, parts, sum: sum(Object.values(parts)) / total };
  });
}

export function latenciesOf(points: readonly BenchPoint[]): LatencyAt[] {
  return cellsOf(points).map(({ members, ...cell }) => ({
    ...cell,
    glassP50Ms: meanOf(members.map(({ glassMs }) => glassMs?.p50)),
    glassP95Ms: meanOf(members.map(({ glassMs }) => glassMs?.p95)),
    joinP50Ms: meanOf(members.map(({ joinMs }) => joinMs?.p50)),
    joinP95Ms: meanOf(members.map(({ joinMs }) => joinMs?.p95)),
  }));
}

/** Null when nothing was measured. */
export function meanOf(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === 0 ? null : mean(known);
}
