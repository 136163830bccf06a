import type { TopLevelSpec } from 'vega-lite';
import type { BenchPoint } from '../../compare/result.ts';
import type { BenchReport, Comparison, ModeFit } from '../analysisTypes.ts';
import { valueAt } from '../fit/line.ts';
import { breakEvenText, modeNames, speakersText } from '../format.ts';
import { type Chart, exact, modeColour, modeShape, panelPx, panels, type Width } from './chart.ts';
import { colour } from './palette.ts';

/** A break-even is drawn up to this many times further out than was measured. */
const FURTHEST = 4;

/** Server CPU against viewers, one panel for each number of speakers. */
export function cpuChart(report: BenchReport, speakers: readonly number[]): Chart {
  return {
    name: 'cpu',
    title: 'Server CPU against viewers',
    caption:
      'Each mark is one measured run, each line the least squares through them, dashed where nothing was ' +
      'measured. The upright line is the break-even, the band its interval of 95 %.',
    spec: (width) =>
      ({ ...panels(width), concat: speakers.map((n) => panel(report, n, width)) }) as TopLevelSpec,
  };
}

function panel(report: BenchReport, speakers: number, width: Width): object {
  const points = report.points.filter((point) => point.valid && point.speakers === speakers);
  const fits = report.analysis.fits.filter((fit) => fit.speakers === speakers);
  const comparisons = report.analysis.comparisons.filter((each) => each.speakers === speakers);
  const end = lastViewer(points, comparisons);
  const modes = fits.map(({ mode }) => mode);
  const x = {
    field: 'viewers',
    type: 'quantitative',
    title: 'viewers',
    scale: { domain: [0, end], nice: false },
    axis: { tickCount: 6 },
  };
  const y = { field: 'cores', type: 'quantitative', title: 'server CPU, cores', scale: { zero: true } };
  const description = { field: 'label', type: 'nominal' };
  return {
    title: speakersText(speakers),
    width: panelPx[width],
    height: 220,
    layer: [
      ...comparisons.flatMap((each) => breakEvenMarks(each, end)),
      {
        data: { values: fits.flatMap((fit) => lineValues(fit, end)) },
        mark: { type: 'line', strokeWidth: 1.75 },
        encoding: {
          x,
          y,
          description,
          color: modeColour(modes),
          detail: { field: 'part' },
          strokeDash: {
            field: 'part',
            type: 'nominal',
            scale: {
              domain: ['measured', 'predicted'],
              range: [
                [1, 0],
                [5, 4],
              ],
            },
            legend: null,
          },
        },
      },
      {
        data: { values: points.map(pointValue) },
        mark: { type: 'point', filled: true, size: 50, opacity: 0.85 },
        encoding: { x, y, description, color: modeColour(modes), shape: modeShape(modes) },
      },
    ],
  };
}

function lastViewer(points: readonly BenchPoint[], comparisons: readonly Comparison[]): number {
  const measured = Math.max(1, ...points.map(({ viewers }) => viewers));
  const crossings = comparisons.flatMap(({ viewers, high }) => [viewers ?? 0, high ?? 0]);
  const shown = crossings.filter((viewers) => viewers <= FURTHEST * measured);
  return Math.ceil(Math.max(measured, ...shown) * 1.08);
}

function pointValue({ mode, speakers, viewers, repetition, cpu }: BenchPoint): object {
  const label = `${modeNames[mode]}, ${speakersText(speakers)}, ${viewers} viewers, run ${repetition}: ${exact(cpu.total)} cores`;
  return { name: modeNames[mode], viewers, cores: cpu.total, label };
}

/** Solid where it was measured, dashed from there to the end of the panel. */
function lineValues({ mode, speakers, line }: ModeFit, end: number): object[] {
  const label = `${modeNames[mode]}, ${speakersText(speakers)}, fit: ${exact(line.intercept)} + ${exact(line.slope)} × viewers`;
  const at = (viewers: number, part: string) => ({
    name: modeNames[mode],
    viewers,
    cores: valueAt(line, viewers),
    part,
    label,
  });
  return [
    at(line.from, 'measured'),
    at(line.to, 'measured'),
    ...(end > line.to ? [at(line.to, 'predicted'), at(end, 'predicted')] : []),
  ];
}

function breakEvenMarks(comparison: Comparison, end: number): object[] {
  const { viewers, low, high, against, speakers } = comparison;
  if (viewers === null || viewers > end || comparison.kind === 'undetermined') return [];
  const label = `break-even with ${modeNames[against]}, ${speakersText(speakers)}: ${exact(viewers)} (${low === null ? '' : exact(low)} to ${high === null ? '' : exact(high)}): ${breakEvenText(comparison)}`;
  const values = [{ viewers, low: low ?? viewers, high: Math.min(high ?? end, end), label }];
  const x = { field: 'viewers', type: 'quantitative' };
  const description = { field: 'label', type: 'nominal' };
  return [
    {
      data: { values },
      mark: { type: 'rect', color: colour(against), opacity: 0.13, aria: false },
      encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' } },
    },
    {
      data: { values },
      mark: { type: 'rule', color: colour(against), strokeWidth: 1.25 },
      encoding: { x, description },
    },
  ];
}
