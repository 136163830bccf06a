/** The text format of OpenMetrics 1.0. */

export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

export interface Family {
  /** Without the `_total` of counters. */
  name: string;
  type: 'gauge' | 'counter' | 'histogram';
  help: string;
  unit?: string;
  samples: Sample[];
}

export interface Sample {
  value: number;
  /** Behind the family's name; default: `_total` for counters, else none. */
  suffix?: string;
  labels?: Record<string, string>;
}

export function writeOpenMetrics(families: readonly Family[]): string {
  return `${families.map(writeFamily).join('')}# EOF\n`;
}

function writeFamily({ name, type, help, unit, samples }: Family): string {
  const head = [
    `# TYPE ${name} ${type}`,
    ...(unit ? [`# UNIT ${name} ${unit}`] : []),
    `# HELP ${name} ${escapeText(help)}`,
  ];
  const suffix = type === 'counter' ? '_total' : '';
  const lines = samples.map(
    ({ value, labels, suffix: own = suffix }) => `${name}${own}${writeLabels(labels)} ${writeValue(value)}`,
  );
  return `${[...head, ...lines].join('\n')}\n`;
}

function writeLabels(labels: Record<string, string> | undefined): string {
  if (!labels) return '';
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeText(value)}"`);
  return `{${pairs.join(',')}}`;
}

const escapeText = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

function writeValue(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
