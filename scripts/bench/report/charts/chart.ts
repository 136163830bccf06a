import type { TopLevelSpec } from 'vega-lite';
import { modeNames } from '../format.ts';
import { colour, shapes } from './palette.ts';

/** How wide a chart is drawn: side by side for a desk, one below the other for a phone. */
export type Width = 'wide' | 'narrow';

/** A chart as data: what `render.ts` draws. */
export interface Chart {
  /** For file names and ids: letters and dashes. */
  name: string;
  title: string;
  /** One sentence that says what is seen. */
  caption: string;
  spec(width: Width): TopLevelSpec;
}

export const panelPx: Record<Width, number> = { wide: 330, narrow: 270 };

/** Panels stand in columns whose axes are in line, whatever their labels' widths. */
export const panels = (width: Width) => ({
  columns: width === 'wide' ? 2 : 1,
  align: 'all',
  bounds: 'flush',
  spacing: { row: 64, column: 72 },
});

const modes = ['mcu', 'sfu', 'sfu-fit', 'mesh'] as const;

/** Colour by mode, with one legend above. */
export function modeColour(used: readonly (typeof modes)[number][], legend: object | null = {}): object {
  const shown = modes.filter((mode) => used.includes(mode));
  return {
    field: 'name',
    type: 'nominal',
    scale: { domain: shown.map((mode) => modeNames[mode]), range: shown.map(colour) },
    legend: legend && { title: null, orient: 'top', labelLimit: 0, ...legend },
  };
}

export function modeShape(used: readonly (typeof modes)[number][], legend: object | null = {}): object {
  const shown = modes.filter((mode) => used.includes(mode));
  return {
    ...modeColour(used, legend),
    scale: { domain: shown.map((mode) => modeNames[mode]), range: shown.map((mode) => shapes[mode]) },
  };
}

/** A number as a mark's label keeps it: enough digits to be the same number. */
export function exact(value: number): string {
  return value.toPrecision(9).replace(/\.?0+$|(?<=\.\d*?)0+(?=e)/, '');
}
