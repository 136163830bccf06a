import { fitLine, type LineFit } from '../report/fit/line.ts';
import type { Joining } from './point.ts';
import type { FanoutPoint } from './result.ts';

/** The line through all points that can be trusted; through all there are, when those are too few. */
export function cpuLine(points: readonly FanoutPoint[]): LineFit | null {
  const line = (of: readonly FanoutPoint[]) =>
    fitLine(of.map(({ packetsPerSecond, serverCpu }) => ({ x: packetsPerSecond, y: serverCpu })));
  return line(points.filter(({ why }) => why.length === 0)) ?? line(points) ?? null;
}

export function memoryLine(points: readonly FanoutPoint[]): LineFit | null {
  return fitLine(points.map(({ viewers, memoryBytes }) => ({ x: viewers, y: memoryBytes }))) ?? null;
}

/** What a packet more costs from `few` viewers to `many`, µs; null where one was not measured. */
export function slopeUs(points: readonly FanoutPoint[], few: number, many: number): number | null {
  const from = points.find(({ viewers }) => viewers === few);
  const to = points.find(({ viewers }) => viewers === many);
  if (from === undefined || to === undefined) return null;
  return ((to.serverCpu - from.serverCpu) / (to.packetsPerSecond - from.packetsPerSecond)) * 1e6;
}

/** CPU of one join beside what was sent meanwhile, ms. */
export function joinCpuMs({ joined, seconds, cpuS, packets }: Joining, line: LineFit | null): number | null {
  if (line === null || joined === 0) return null;
  return ((cpuS - line.intercept * seconds - line.slope * packets) / joined) * 1_000;
}
