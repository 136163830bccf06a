import type { BenchMode } from '../compare/result.ts';
import type { Comparison } from './analysisTypes.ts';

/** Numbers and names as people read them: the same in the table, the page and the docs. */

export const modeNames: Record<BenchMode | 'mesh', string> = {
  mcu: 'mixing',
  sfu: 'forwarding',
  'sfu-fit': 'forwarding, fitted',
  mesh: 'mesh',
};

/** Three significant digits, never as a power of ten. */
export function number(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const text = value.toFixed(Math.min(7, digits));
  return text.includes('.') && digits > 3 ? text.replace(/\.?0+$/, '') : text;
}

export function orDash(value: number | null | undefined, format: (value: number) => string = number): string {
  return value === null || value === undefined || Number.isNaN(value) ? '–' : format(value);
}

export const mbit = (bps: number) => number(bps / 1e6);
export const milli = (value: number) => number(value * 1000);
export const whole = (value: number) => value.toFixed(0);

export function interval(low: number | null, high: number | null, format = number): string {
  if (low === null && high === null) return 'interval not known';
  if (high === null) return `from ${format(low!)}`;
  return low === null ? `up to ${format(high)}` : `${format(low)} to ${format(high)}`;
}

/** `57 viewers (48 to 71), predicted`, or in words where there is no such number. */
export function breakEvenText({ kind, viewers, low, high }: Comparison): string {
  if (kind === 'never') return 'never';
  if (kind === 'always') return 'from the first viewer on';
  if (kind === 'undetermined') {
    return low === null ? 'not to be told' : `not to be told (above ${whole(low)} viewers)`;
  }
  const text = `${whole(viewers!)} viewers (${interval(low, high, whole)})`;
  return kind === 'at' ? text : `${text}, predicted`;
}

export function speakersText(speakers: number): string {
  return speakers === 1 ? '1 speaker' : `${speakers} speakers`;
}
