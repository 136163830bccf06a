import type { TopLevelSpec } from 'vega-lite';
import type { BenchMode } from '../../compare/result.ts';
import type { BenchReport } from '../analysisTypes.ts';
import { modeNames, speakersText } from '../format.ts';
import { type Chart, exact, modeColour, panelPx, type Width } from './chart.ts';
import { atSameViewers, rowName } from './partsChart.ts';

interface Value {
  mode: BenchMode;
  speakers: number;
  viewers: number;
  p50: number;
  p95: number;
}

/** From a speaker's picture to the viewer having decoded it: median to the 95th percentile. */
export function latencyChart(report: BenchReport): Chart {
  const known = report.analysis.latencies.flatMap(
    ({ mode, speakers, viewers, glassP50Ms: p50, glassP95Ms: p95 }): Value[] =>
      p50 === null || p95 === null ? [] : [{ mode, speakers, viewers, p50, p95 }],
  );
  const shown = atSameViewers(known);
  return {
    name: 'latency',
    title: 'Latency from a speaker’s picture to the viewer',
    caption:
      'From the dot, the median, to the bar’s end, the 95th percentile, with the most viewers that every mode was measured with.',
    spec: (width) => spec(shown, width),
  };
}

function spec(shown: readonly Value[], width: Width): TopLevelSpec {
  const modes = [...new Set(shown.map(({ mode }) => mode))];
  const sort = [...new Set(shown.map(rowName))];
  const x = { type: 'quantitative', title: 'ms', scale: { zero: true } };
  return {
    data: {
      values: shown.map(({ mode, speakers, viewers, p50, p95 }) => ({
        name: modeNames[mode],
        row: rowName({ mode, speakers, viewers }),
        p50,
        p95,
        label: `${modeNames[mode]}, ${speakersText(speakers)}, ${viewers} viewers: ${exact(p50)} to ${exact(p95)} ms`,
      })),
    },
    spacing: 8,
    facet: {
      row: {
        field: 'row',
        type: 'nominal',
        title: null,
        sort,
        header: { labelAngle: 0, labelAnchor: 'start', labelOrient: 'top', labelPadding: 2 },
      },
    },
    spec: {
      width: width === 'wide' ? 2 * panelPx.wide - 60 : panelPx.narrow - 90,
      height: { step: 20 },
      encoding: {
        y: { field: 'name', type: 'nominal', title: null, sort: Object.values(modeNames) },
        color: modeColour(modes, null),
      },
      layer: [
        {
          mark: { type: 'bar', height: 5, opacity: 0.55, aria: false },
          encoding: { x: { ...x, field: 'p50' }, x2: { field: 'p95' } },
        },
        {
          mark: { type: 'point', filled: true, size: 60, opacity: 1 },
          encoding: { x: { ...x, field: 'p50' }, description: { field: 'label', type: 'nominal' } },
        },
      ],
    },
  } as TopLevelSpec;
}
