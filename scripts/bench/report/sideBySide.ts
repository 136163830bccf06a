import type { BenchReport, Estimator } from './analysisTypes.ts';
import { estimate, meshUplinkBps } from './calculator.ts';
import { mbit, milli, modeNames, number, orDash, speakersText, whole } from './format.ts';
import type { Table } from './rows.ts';

/** Mixing, forwarding and mesh for one event: the most viewers measured, and four speakers where they were. */
export function sideBySide(report: BenchReport): Table {
  const { speakers, viewers } = report.grid;
  const event = {
    speakers: speakers.includes(4) ? 4 : Math.max(...speakers),
    viewers: Math.max(...viewers),
    minutes: 60,
  };
  const modes = report.analysis.estimators.map((fit) => ({ fit, ...estimate(fit, event) }));
  const streamBps = meshStreamBps(report);
  const mesh = (text: string | undefined) => (streamBps === undefined ? [] : [text ?? '–']);
  const row = (name: string, each: (mode: (typeof modes)[number]) => string, meshText?: string) => [
    name,
    ...modes.map(each),
    ...mesh(meshText),
  ];
  const bits = streamBps ?? 0;
  return {
    title: `Side by side: ${speakersText(event.speakers)}, ${event.viewers} viewers, by the fits`,
    columns: ['', ...modes.map(({ fit }) => modeNames[fit.mode]), ...mesh(modeNames.mesh)],
    rows: [
      row('server CPU, cores', ({ cores }) => orDash(cores), '0'),
      row('server sends, Mbit/s', ({ downlinkBps }) => mbit(downlinkBps * event.viewers), '0'),
      row('a speaker sends, Mbit/s', ({ fit }) => speakerSends(fit), mbit(meshUplinkBps(bits, event))),
      row('a viewer receives, Mbit/s', ({ downlinkBps }) => mbit(downlinkBps), mbit(bits * event.speakers)),
      row('a viewer decodes, mcore', ({ decodeCpu }) => orDash(decodeCpu, milli)),
      row('an hour out of the server, GB', ({ gigabytesOut }) => whole(gigabytesOut), '0'),
    ],
  };
}

const speakerSends = ({ uplinkBps }: Estimator) => (Number.isFinite(uplinkBps) ? mbit(uplinkBps) : number(0));

/** What one client of a mesh sends to one other, mean over the measured ones. */
export function meshStreamBps({ mesh }: BenchReport): number | undefined {
  const measured = mesh.filter((point) => point.measured && point.clients > 1);
  if (measured.length === 0) return undefined;
  const each = measured.map(({ uplinkBps, clients }) => uplinkBps / (clients - 1));
  return each.reduce((sum, value) => sum + value, 0) / each.length;
}
