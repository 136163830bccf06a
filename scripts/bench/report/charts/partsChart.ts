import type { TopLevelSpec } from 'vega-lite';
import type { BenchReport, PartsAt } from '../analysisTypes.ts';
import { partNames } from '../cells.ts';
import { modeNames, speakersText } from '../format.ts';
import { type Chart, exact, panelPx, type Width } from './chart.ts';
import { colour } from './palette.ts';

/** Where the server's CPU goes: stacked bars for each number of speakers. */
export function partsChart(report: BenchReport): Chart {
  const shown = atSameViewers(report.analysis.parts);
  return {
    name: 'parts',
    title: 'Where the server’s CPU goes',
    caption:
      'Server CPU by part, from a sampling profile scaled to the measured total, with the most viewers that ' +
      'every mode was measured with.',
    spec: (width) => spec(shown, width),
  };
}

interface Cell {
  mode: string;
  speakers: number;
  viewers: number;
}

/** For each number of speakers the cells with the most viewers that every mode was measured with. */
export function atSameViewers<T extends Cell>(cells: readonly T[]): T[] {
  const counts = [...new Set(cells.map(({ speakers }) => speakers))].sort((a, b) => a - b);
  return counts.flatMap((speakers) => {
    const those = cells.filter((cell) => cell.speakers === speakers);
    const modes = new Set(those.map(({ mode }) => mode)).size;
    const isShared = ({ viewers }: Cell) => those.filter((cell) => cell.viewers === viewers).length === modes;
    const most = Math.max(...those.filter(isShared).map(({ viewers }) => viewers));
    return those.filter(({ viewers }) => viewers === most);
  });
}

/** What a row of bars is of. */
export function rowName({ speakers, viewers }: Cell): string {
  return `${speakersText(speakers)}, ${viewers === 1 ? '1 viewer' : `${viewers} viewers`}`;
}

function spec(shown: readonly PartsAt[], width: Width): TopLevelSpec {
  const values = shown.flatMap((cell) =>
    partNames.map((part, order) => ({
      part,
      order,
      mode: modeNames[cell.mode],
      row: rowName(cell),
      cores: cell.parts[part],
      label: `${modeNames[cell.mode]}, ${speakersText(cell.speakers)}, ${cell.viewers} viewers, ${part}: ${exact(cell.parts[part])} cores`,
    })),
  );
  const sort = [...new Set(shown.map(rowName))];
  return {
    data: { values },
    width: width === 'wide' ? 2 * panelPx.wide - 60 : panelPx.narrow - 90,
    height: { step: 20 },
    mark: { type: 'bar' },
    encoding: {
      row: {
        field: 'row',
        type: 'nominal',
        title: null,
        sort,
        header: { labelAngle: 0, labelAnchor: 'start', labelOrient: 'top', labelPadding: 2 },
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
