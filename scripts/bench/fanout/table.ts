import type { FanoutPoint, FanoutResult } from './result.ts';

const columns: [title: string, cell: (point: FanoutPoint) => string][] = [
  ['viewers', ({ viewers }) => `${viewers}`],
  ['packets/s', ({ packetsPerSecond }) => packetsPerSecond.toFixed(0)],
  ['server CPU', ({ serverCpu }) => serverCpu.toFixed(3)],
  ['mixer CPU', ({ mixerCpu }) => mixerCpu.toFixed(3)],
  ['µs/packet', ({ cpuPerPacketUs }) => cpuPerPacketUs.toFixed(1)],
  ['join p50/p95 ms', ({ joinMs }) => (joinMs ? `${joinMs.p50.toFixed(0)}/${joinMs.p95.toFixed(0)}` : '–')],
  ['CPU ms/join', ({ joinCpuMs }) => joinCpuMs?.toFixed(1) ?? '–'],
  ['lost', ({ lossFraction }) => `${(lossFraction * 100).toFixed(2)} %`],
  ['pictures/s', ({ picturesPerSecond }) => picturesPerSecond.toFixed(1)],
  ['freezes', ({ freezes }) => `${freezes}`],
  ['lag main ms', ({ lagP99Ms }) => lagP99Ms.main.toFixed(1)],
  ['lag threads ms', ({ lagP99Ms }) => lagP99Ms.threads.map((each) => each.toFixed(1)).join(' ') || '–'],
  ['mixer late ms', ({ mixerLateP99Ms }) => mixerLateP99Ms.toFixed(1)],
  ['MB', ({ memoryBytes }) => (memoryBytes / 1e6).toFixed(0)],
  ['busy', ({ machineBusy }) => `${(machineBusy * 100).toFixed(0)} %`],
];

export function tableOf({ points, cpu, slope10To100Us, memory, ended }: FanoutResult): string {
  const rows = [
    columns.map(([title]) => title),
    ...points.map((each) => columns.map(([, cell]) => cell(each))),
  ];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padStart(widths[column]!)).join('  '));
  const doubts = points.flatMap(({ viewers, why }) => why.map((reason) => `${viewers} viewers: ${reason}`));
  return [
    ...lines,
    '',
    ...(cpu
      ? [`server CPU = ${cpu.intercept.toFixed(3)} + ${(cpu.slope * 1e6).toFixed(2)} µs × packets/s`]
      : []),
    ...(slope10To100Us === null
      ? []
      : [`from 10 to 100 viewers: ${slope10To100Us.toFixed(2)} µs per packet`]),
    ...(memory ? [`memory of a viewer: ${(memory.slope / 1e3).toFixed(0)} kB`] : []),
    ...doubts.map((doubt) => `doubtful: ${doubt}`),
    ...(ended === null ? [] : [`it ended early: ${ended}`]),
  ].join('\n');
}
