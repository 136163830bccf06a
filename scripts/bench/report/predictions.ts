import type { BenchMode, BenchResult } from '../compare/result.ts';
import type { Growth, ModeFit, Prediction } from './analysisTypes.ts';
import { CONFIDENCE } from './fit/breakEven.ts';
import { valueAt, varianceAt } from './fit/line.ts';
import { studentT } from './fit/studentT.ts';
import { growthAt } from './growth.ts';

interface Cell {
  mode: BenchMode;
  speakers: number;
  viewers: number;
}

/** Every cell that was asked for and has no valid measurement. */
export function predictionsOf(
  result: BenchResult,
  fits: readonly ModeFit[],
  growth: readonly Growth[],
): Prediction[] {
  const { modes, speakers, viewers } = result.grid;
  const asked: Cell[] = modes.flatMap((mode) =>
    speakers.flatMap((s) => viewers.map((v) => ({ mode, speakers: s, viewers: v }))),
  );
  const isMeasured = (cell: Cell) => result.points.some((point) => point.valid && isSame(point, cell));
  return asked.filter((cell) => !isMeasured(cell)).flatMap((cell) => predict(cell, fits, growth) ?? []);
}

function predict(cell: Cell, fits: readonly ModeFit[], growth: readonly Growth[]): Prediction | undefined {
  const { mode, speakers, viewers } = cell;
  const fit = fits.find((each) => each.mode === mode && each.speakers === speakers);
  if (fit) {
    const cpu = valueAt(fit.line, viewers);
    const variance = varianceAt(fit.line, viewers);
    if (variance === null) return { ...cell, cpu, low: null, high: null, from: 'line' };
    const reach = studentT((1 + CONFIDENCE) / 2, fit.line.points - 2) * Math.sqrt(variance);
    return { ...cell, cpu, low: cpu - reach, high: cpu + reach, from: 'line' };
  }
  const law = growth.find((each) => each.mode === mode);
  return law && { ...cell, cpu: growthAt(law, speakers, viewers), low: null, high: null, from: 'growth' };
}

function isSame(a: Cell, b: Cell): boolean {
  return a.mode === b.mode && a.speakers === b.speakers && a.viewers === b.viewers;
}
