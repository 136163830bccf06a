import {
  type BenchMode,
  type BenchPoint,
  type BenchResult,
  benchModes,
  type CpuUse,
} from '../compare/result.ts';
import type { Analysis, BenchReport, ClientCost, ModeFit } from './analysisTypes.ts';
import { clientCosts, latenciesOf, partsOf } from './cells.ts';
import { comparisonsOf } from './comparisons.ts';
import { estimatorsOf } from './estimators.ts';
import { CONFIDENCE } from './fit/breakEven.ts';
import { fitLine } from './fit/line.ts';
import { growthOf } from './growth.ts';
import { predictionsOf } from './predictions.ts';
import { ratioOf } from './ratio.ts';

/** The measurements with what follows from them. Points that are not valid count nowhere. */
export function reportOf(result: BenchResult): BenchReport {
  return { ...result, analysis: analyse(result) };
}

/** Everything that tables, charts and sentences say, reckoned in one place. */
export function analyse(result: BenchResult): Analysis {
  const points = result.points.filter(({ valid }) => valid);
  const fits = fitsOf(points);
  const growth = benchModes.flatMap((mode) => growthOf(mode, points) ?? []);
  const clients: ClientCost[] = clientCosts(points);
  return {
    confidence: CONFIDENCE,
    fits,
    growth,
    comparisons: comparisonsOf(fits, clients),
    predictions: predictionsOf(result, fits, growth),
    clients,
    parts: partsOf(points),
    latencies: latenciesOf(points),
    references: result.references.flatMap((reference) => ratioOf(reference) ?? []),
    estimators: estimatorsOf(points, growth, clients),
  };
}

function fitsOf(points: readonly BenchPoint[]): ModeFit[] {
  return cells(points).flatMap(({ mode, speakers, members }) => {
    const lineOf = (of: (cpu: CpuUse) => number) =>
      fitLine(members.map(({ viewers, cpu }) => ({ x: viewers, y: of(cpu) })));
    const line = lineOf(({ total }) => total);
    const delivery = lineOf(({ withoutMixers }) => withoutMixers);
    return line && delivery ? [{ mode, speakers, line, delivery }] : [];
  });
}

function cells(
  points: readonly BenchPoint[],
): { mode: BenchMode; speakers: number; members: BenchPoint[] }[] {
  const counts = [...new Set(points.map(({ speakers }) => speakers))].sort((a, b) => a - b);
  return benchModes.flatMap((mode) =>
    counts.map((speakers) => ({
      mode,
      speakers,
      members: points.filter((point) => point.mode === mode && point.speakers === speakers),
    })),
  );
}
