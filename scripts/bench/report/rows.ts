import type { BenchReport } from './analysisTypes.ts';
import { partNames } from './cells.ts';
import type { SlopeRatio } from './fit/breakEven.ts';
import { breakEvenText, interval, mbit, milli, modeNames, number, orDash, whole } from './format.ts';
import { ratioOf } from './ratio.ts';

/** A table of texts: the terminal, the page and the docs show the same ones. */
export interface Table {
  title: string;
  columns: string[];
  rows: string[][];
}

/** @returns only tables with rows */
export function tablesOf(report: BenchReport): Table[] {
  const makers = [answers, fits, growth, parts, clients, latency, references, mesh, predictions];
  return makers.map((make) => make(report)).filter(({ rows }) => rows.length > 0);
}

export function answers({ analysis }: BenchReport): Table {
  return {
    title: 'From how many viewers on mixing is cheaper',
    columns: [
      'speakers',
      'against',
      'break-even (95 %)',
      'saved per viewer, mcore',
      'viewer’s CPU, mixing / forwarding',
      'without the mixer',
    ],
    rows: analysis.comparisons.map((each) => [
      `${each.speakers}`,
      modeNames[each.against],
      breakEvenText(each),
      milli(each.savedPerViewer),
      shareText(each.viewerRatio),
      shareText(each.deliveryRatio),
    ]),
  };
}

function shareText(share: SlopeRatio | null): string {
  return share ? `${number(share.ratio)} (${interval(share.low, share.high)})` : '–';
}

export function fits({ analysis }: BenchReport): Table {
  return {
    title: 'Server CPU = a + b × viewers',
    columns: ['mode', 'speakers', 'a, cores', '±', 'b, mcore per viewer', '±', 'points'],
    rows: analysis.fits.map(({ mode, speakers, line }) => [
      modeNames[mode],
      `${speakers}`,
      number(line.intercept),
      orDash(line.interceptError),
      milli(line.slope),
      orDash(line.slopeError, milli),
      `${line.points}`,
    ]),
  };
}

export function growth({ analysis }: BenchReport): Table {
  return {
    title: 'Growth: mcore of server CPU',
    columns: ['mode', 'at rest', 'per speaker', 'per viewer', 'per speaker × viewer', 'scatter', 'points'],
    rows: analysis.growth.map((law) => [
      modeNames[law.mode],
      ...[law.base, law.perSpeaker, law.perViewer, law.perSpeakerViewer].map((factor, at) => {
        const error = law.errors[at];
        return error === null || error === undefined ? milli(factor) : `${milli(factor)} ± ${milli(error)}`;
      }),
      orDash(law.residual, milli),
      `${law.points}`,
    ]),
  };
}

export function parts({ analysis }: BenchReport): Table {
  return {
    title: 'Server CPU by part, mcore',
    columns: ['mode', 'speakers', 'viewers', ...partNames, 'total'],
    rows: analysis.parts.map((each) => [
      modeNames[each.mode],
      `${each.speakers}`,
      `${each.viewers}`,
      ...partNames.map((name) => milli(each.parts[name])),
      milli(each.total),
    ]),
  };
}

export function clients({ analysis }: BenchReport): Table {
  return {
    title: 'One client',
    columns: [
      'mode',
      'speakers',
      'speaker sends, Mbit/s',
      'viewer receives, Mbit/s',
      'viewer decodes, mcore',
    ],
    rows: analysis.clients.map((each) => [
      modeNames[each.mode],
      `${each.speakers}`,
      mbit(each.uplinkBps),
      mbit(each.downlinkBps),
      orDash(each.decodeCpu, milli),
    ]),
  };
}

export function latency({ analysis }: BenchReport): Table {
  return {
    title: 'Latency, ms',
    columns: ['mode', 'speakers', 'viewers', 'glass to glass p50', 'p95', 'join p50', 'p95'],
    rows: analysis.latencies
      .filter(({ glassP50Ms, joinP50Ms }) => glassP50Ms !== null || joinP50Ms !== null)
      .map((each) => [
        modeNames[each.mode],
        `${each.speakers}`,
        `${each.viewers}`,
        ...[each.glassP50Ms, each.glassP95Ms, each.joinP50Ms, each.joinP95Ms].map((value) =>
          orDash(value, whole),
        ),
      ]),
  };
}

export function references({ references: all }: Pick<BenchReport, 'references'>): Table {
  return {
    title: 'Other programs, the same job in the same run',
    columns: ['program', 'version', 'job', 'theirs', 'ours', 'ours / theirs'],
    rows: all.map((each) => {
      const start = [each.name, each.version ?? '–', each.job];
      if (each.skipped) return [...start, `left out: ${each.skipped}`, '–', '–'];
      const theirs =
        each.cpu === null
          ? orDash(each.packetUs, (value) => `${number(value)} µs per packet`)
          : `${number(each.cpu)} cores${furtherText(each.further?.theirs)}`;
      const ours = orDash(each.ours) + furtherText(each.further?.ours);
      return [...start, theirs, ours, orDash(ratioOf(each)?.ratio)];
    }),
  };
}

const furtherText = (cpu: number | null | undefined) =>
  cpu === undefined ? '' : `, ${orDash(cpu, milli)} mcore per further one`;

export function mesh({ mesh: all }: Pick<BenchReport, 'mesh'>): Table {
  return {
    title: 'Peer to peer: one client of a mesh',
    columns: [
      'clients',
      'sends, Mbit/s',
      'receives, Mbit/s',
      'its CPU, mcore',
      'of it per further peer',
      'how',
    ],
    rows: all.map((each) => [
      `${each.clients}`,
      mbit(each.uplinkBps),
      mbit(each.downlinkBps),
      milli(each.clientCpu),
      milli(each.perPeerCpu),
      each.measured ? 'measured' : 'computed',
    ]),
  };
}

export function predictions({ analysis }: BenchReport): Table {
  return {
    title: 'Not measured: predicted by the fits, cores',
    columns: ['mode', 'speakers', 'viewers', 'CPU (95 %)', 'from'],
    rows: analysis.predictions.map((each) => [
      modeNames[each.mode],
      `${each.speakers}`,
      `${each.viewers}`,
      `${number(each.cpu)} (${interval(each.low, each.high)})`,
      each.from === 'line' ? 'its own line' : 'growth',
    ]),
  };
}

/** Every run, also those that count nowhere. */
export function runs({ points }: BenchReport): Table {
  const ordered = [...points].sort(
    (a, b) =>
      a.mode.localeCompare(b.mode) ||
      a.speakers - b.speakers ||
      a.viewers - b.viewers ||
      a.repetition - b.repetition,
  );
  return {
    title: 'Every run',
    columns: [
      'mode',
      'speakers',
      'viewers',
      'run',
      'CPU, cores',
      'memory, MB',
      'packets/s',
      'pictures/s',
      'freezes/min',
      'lost, %',
      'counts',
    ],
    rows: ordered.map((point) => [
      modeNames[point.mode],
      `${point.speakers}`,
      `${point.viewers}`,
      `${point.repetition}`,
      number(point.cpu.total),
      whole(point.memoryBytes / 1e6),
      whole(point.packetsPerSecond),
      point.picturesPerSecond.toFixed(1),
      point.freezesPerMinute.toFixed(1),
      (point.lossFraction * 100).toFixed(2),
      point.valid ? 'yes' : `no: ${point.why.join('; ')}`,
    ]),
  };
}
