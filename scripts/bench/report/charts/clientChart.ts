import type { TopLevelSpec } from 'vega-lite';
import type { BenchMode } from '../../compare/result.ts';
import type { BenchReport } from '../analysisTypes.ts';
import { modeNames, speakersText } from '../format.ts';
import { type Chart, exact, modeColour, modeShape, panelPx, panels, type Width } from './chart.ts';

type Mode = BenchMode | 'mesh';

interface Value {
  mode: Mode;
  speakers: number;
  value: number;
}

/** What a viewer receives and what decoding it costs, against the number of speakers. */
export function clientChart(report: BenchReport): Chart {
  const { clients } = report.analysis;
  const downlink: Value[] = [
    ...clients.map(({ mode, speakers, downlinkBps }) => ({ mode, speakers, value: downlinkBps / 1e6 })),
    ...report.mesh.map(({ clients: n, downlinkBps }) => ({
      mode: 'mesh' as const,
      speakers: n,
      value: downlinkBps / 1e6,
    })),
  ];
  const decode: Value[] = clients.flatMap(({ mode, speakers, decodeCpu }) =>
    decodeCpu === null ? [] : [{ mode, speakers, value: decodeCpu }],
  );
  // One legend for both panels.
  const modes = [...new Set([...downlink, ...decode].map(({ mode }) => mode))];
  return {
    name: 'client',
    title: 'What one viewer receives and decodes',
    caption:
      'Downlink and CPU to decode it, against the number of speakers. ' +
      'In a mesh each of so many people receives all others.',
    spec: (width) =>
      ({
        ...panels(width),
        concat: [
          panel(downlink, modes, 'downlink of one viewer', 'Mbit/s', width),
          ...(decode.length > 0 ? [panel(decode, modes, 'decoding it', 'cores', width)] : []),
        ],
      }) as TopLevelSpec,
  };
}

function panel(
  values: readonly Value[],
  modes: readonly Mode[],
  title: string,
  unit: string,
  width: Width,
): object {
  return {
    title,
    width: panelPx[width],
    height: 200,
    data: {
      values: values.map(({ mode, speakers, value }) => ({
        name: modeNames[mode],
        speakers,
        value,
        label: `${modeNames[mode]}, ${speakersText(speakers)}, ${title}: ${exact(value)} ${unit}`,
      })),
    },
    layer: [
      { mark: { type: 'line', strokeWidth: 1.5, aria: false } },
      {
        mark: { type: 'point', filled: true, size: 55 },
        encoding: { shape: modeShape(modes), description: { field: 'label', type: 'nominal' } },
      },
    ],
    encoding: {
      x: {
        field: 'speakers',
        type: 'quantitative',
        title: 'speakers',
        axis: { tickMinStep: 1, tickCount: 8 },
      },
      y: { field: 'value', type: 'quantitative', title: unit, scale: { zero: true } },
      color: modeColour(modes),
    },
  };
}
