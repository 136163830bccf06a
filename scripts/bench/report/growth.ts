import type { BenchMode, BenchPoint } from '../compare/result.ts';
import type { Growth } from './analysisTypes.ts';
import { fitSurface } from './fit/surface.ts';

/** @returns undefined when speakers and viewers did not both vary */
export function growthOf(mode: BenchMode, points: readonly BenchPoint[]): Growth | undefined {
  const members = points.filter((point) => point.mode === mode);
  const fit = fitSurface(
    members.map(({ speakers, viewers }) => terms(speakers, viewers)),
    members.map(({ cpu }) => cpu.total),
  );
  if (!fit) return undefined;
  const [base, perSpeaker, perViewer, perSpeakerViewer] = fit.factors as [number, number, number, number];
  const { errors, residual, points: count } = fit;
  return { mode, base, perSpeaker, perViewer, perSpeakerViewer, errors, residual, points: count };
}

export function growthAt(growth: Growth, speakers: number, viewers: number): number {
  const factors = [growth.base, growth.perSpeaker, growth.perViewer, growth.perSpeakerViewer];
  return terms(speakers, viewers).reduce((sum, term, at) => sum + term * factors[at]!, 0);
}

function terms(speakers: number, viewers: number): number[] {
  return [1, speakers, viewers, speakers * viewers];
}
