import type { TopLevelSpec } from 'vega-lite';
import type { BenchReport, PartsAt } from '../analysisTypes.ts';
import { partNames } from '../cells.ts';
import { modeNames, speakersText } from '../format.ts';
import { type Chart, exact, panelPx, type Width } from './chart.ts';
import { colour } from './palette.ts';

/** Where the server's CPU goes: stacked bars at the most viewers that were profiled, by number of speakers. */
export function partsChart(report: BenchReport): Chart {
  const shown = atMostViewers(report.analysis.parts);
  return {
    name: 'parts',
    title: 'Where the server’s CPU goes',
    caption: `Server CPU by part${viewersText(shown)}, from a sampling profile scaled to the measured total.`,
    spec: (width) => spec(shown, width),
  };
}

/** For each mode and number of speakers the cell with the most viewers. */
export function atMostViewers<T extends { mode: string; speakers: number; viewers: number }>(
  cells: readonly T[],
): T[] {
  return cells.filter((cell) =>
    cells.every(
      (other) =>
        other.mode !== cell.mode || other.speakers !== cell.speakers || other.viewers <= cell.viewers,
    ),
  );
}

function viewersText(shown: readonly PartsAt[]): string {
  const counts = [...new Set(shown.map(({ viewers }) => viewers))];
  return counts.length === 1 ? ` with ${counts[0]} viewers` : ' with the most viewers that were measured';
}

function spec(shown: readonly PartsAt[], width: Width): TopLevelSpec {
  const values = shown.flatMap((cell) =>
    partNames.map((part, order) => ({
      part,
      order,
      mode: modeNames[cell.mode],
      speakers: speakersText(cell.speakers),
      cores: cell.parts[part],
      label: `${modeNames[cell.mode]}, ${speakersText(cell.speakers)}, ${cell.viewers} viewers, ${part}: ${exact(cell.parts[part])} cores`,
    })),
  );
  const sort = [...new Set(shown.map(({ speakers }) => speakers))].sort((a, b) => a - b).map(speakersText);
  return {
    data: { values },
    width: width === 'wide' ? 2 * panelPx.wide - 60 : panelPx.narrow - 90,
    height: { step: 20 },
    mark: { type: 'bar' },
    encoding: {
      row: {
        field: 'speakers',
        type: 'nominal',
        title: null,
        sort,
        header: { labelAngle: 0, labelAnchor: 'start', labelOrient: 'top' },
      },
      y: { field: 'mode', type: 'nominal', title: null, sort: Object.values(modeNames) },
      x: { field: 'cores', type: 'quantitative', title: 'server CPU, cores', axis: { tickCount: 6 } },
      color: {
        field: 'part',
        type: 'nominal',
        scale: { domain: [...partNames], range: partNames.map(colour) },
        legend: { title: null, orient: 'top', columns: width === 'wide' ? 6 : 3 },
      },
      order: { field: 'order', type: 'quantitative' },
      description: { field: 'label', type: 'nominal' },
    },
    spacing: 8,
  } as TopLevelSpec;
}
