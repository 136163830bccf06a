import type { BenchMode, CpuParts } from '../../compare/result.ts';

/**
 * Colours as custom properties, so that light and dark are the page's choice. Modes are told apart by the
 * colours of Okabe and Ito and by shape as well.
 */
type Named = BenchMode | 'mesh' | keyof CpuParts | 'ink' | 'faint' | 'paper' | 'line';

const light: Record<Named, string> = {
  mcu: '#0072b2',
  sfu: '#c24e00',
  'sfu-fit': '#00795a',
  mesh: '#a3487f',
  receive: '#56b4e9',
  decode: '#0072b2',
  compose: '#009e73',
  encode: '#d9a400',
  send: '#c24e00',
  other: '#8a8a8a',
  ink: '#1b1b1f',
  faint: '#5c5f66',
  paper: '#ffffff',
  line: '#d9dce1',
};

const dark: Record<Named, string> = {
  mcu: '#56b4e9',
  sfu: '#ff9146',
  'sfu-fit': '#2fc79b',
  mesh: '#e08fbe',
  receive: '#8fd0f5',
  decode: '#3d9bd6',
  compose: '#2fc79b',
  encode: '#f0c73c',
  send: '#ff9146',
  other: '#9a9da4',
  ink: '#ececf1',
  faint: '#a9adb6',
  paper: '#16181d',
  line: '#353941',
};

/** For an attribute of a chart: the light colour stands where properties are not known. */
export function colour(name: Named): string {
  return `var(--${name}, ${light[name]})`;
}

export const shapes: Record<BenchMode | 'mesh', string> = {
  mcu: 'circle',
  sfu: 'square',
  'sfu-fit': 'triangle-up',
  mesh: 'diamond',
};

/** The properties, for a page or for a chart that stands alone. */
export function colourStyle(): string {
  const all = (colours: Record<Named, string>) =>
    Object.entries(colours)
      .map(([name, value]) => `--${name}:${value}`)
      .join(';');
  return `:root{${all(light)}}@media (prefers-color-scheme:dark){:root{${all(dark)}}}`;
}
