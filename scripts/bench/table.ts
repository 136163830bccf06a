import type { RunFigures, RunResult } from './runs/run.ts';
import type { Comparison } from './verdict.ts';

type Row = RunFigures & Partial<Pick<RunResult, 'quality'>>;

const columns: [string, (run: Row) => string][] = [
  ['run', (run) => run.side],
  ['CPU s/s', (run) => run.cpuPerMediaS.toFixed(3)],
  ['pictures/s', (run) => run.picturesPerS.toFixed(2)],
  ['kbit/s', (run) => run.videoKbps.toFixed(0)],
  ['PSNR-Y dB', (run) => run.quality?.psnrYDb.toFixed(2) ?? '–'],
  ['encode ms', (run) => run.mixer?.encodeMsMean.toFixed(2) ?? '–'],
  ['tick p99 ms', (run) => run.mixer?.tickLatenessP99Ms.toFixed(2) ?? '–'],
  ['machine busy', (run) => `${(run.cpu.machineBusy * 100).toFixed(0)} %`],
  ['by others', (run) => `${(run.cpu.othersBusy * 100).toFixed(0)} %`],
];

/** Runs as they stand on the terminal. */
export function rowsOf(runs: Row[]): string[] {
  const rows = [columns.map(([title]) => title), ...runs.map((run) => columns.map(([, cell]) => cell(run)))];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column]!)).join('  '));
}

/** A comparison as it stands on the terminal; `said` is what was divided. */
export function tableOf(
  { codec, runs, ratio, floor, faults }: Comparison,
  title: string,
  said: string,
): string {
  const verdict = faults.length === 0 ? 'valid' : `not valid: ${faults.join('; ')}`;
  const result = `${said} = ${ratio.toFixed(3)} (${verdict})`;
  const least = floor === undefined ? [] : [`native at 640×360 / native at 1280×720 = ${floor.toFixed(3)}`];
  return [`${codec}: ${title}`, ...rowsOf(runs), result, ...least, ''].join('\n');
}
