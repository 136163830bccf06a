import type { RunResult } from './runs/run.ts';
import type { Comparison } from './verdict.ts';

const columns: [string, (run: RunResult) => string][] = [
  ['run', (run) => run.side],
  ['CPU s/s', (run) => run.cpuPerMediaS.toFixed(3)],
  ['pictures/s', (run) => run.picturesPerS.toFixed(2)],
  ['kbit/s', (run) => run.videoKbps.toFixed(0)],
  ['PSNR-Y dB', (run) => run.quality.psnrYDb.toFixed(2)],
  ['encode ms', (run) => run.mixer?.encodeMsMean.toFixed(2) ?? '–'],
  ['tick p99 ms', (run) => run.mixer?.tickLatenessP99Ms.toFixed(2) ?? '–'],
  ['machine busy', (run) => `${(run.cpu.machineBusy * 100).toFixed(0)} %`],
  ['by others', (run) => `${(run.cpu.othersBusy * 100).toFixed(0)} %`],
];

/** The comparison as it stands on the terminal. */
export function tableOf({ codec, runs, ratio, faults }: Comparison): string {
  const rows = [columns.map(([title]) => title), ...runs.map((run) => columns.map(([, cell]) => cell(run)))];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padStart(widths[column]!)).join('  '));
  const verdict = faults.length === 0 ? 'valid' : `not valid: ${faults.join('; ')}`;
  const title = `${codec}: four 720p30 speakers → one 720p30 program, with sound`;
  return [title, ...lines, `mixer / native = ${ratio.toFixed(3)} (${verdict})`, ''].join('\n');
}
