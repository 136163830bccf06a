import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import type { ClipSize } from '../program.ts';
import type { RunFigures } from '../runs/run.ts';

/** So many speakers, who send pictures of this size. */
export interface Stage {
  speakers: number;
  size: ClipSize;
}

export const stages: readonly Stage[] = [
  { speakers: 16, size: 'full' },
  { speakers: 25, size: 'economy' },
];

/** What a crowded stage must hold to be called mixed. */
export const limits = { tickLatenessP99Ms: 10, lowestPicturesPerS: 29.5, audioPacketsPerS: 49.5 } as const;

export interface CrowdResult {
  stage: Stage;
  codec: VideoCodec;
  /** Of its one core, 0..1. */
  core: number;
  picturesPerS: number;
  audioPacketsPerS: number;
  /** The upper bound of the bin that holds the 99th percentile, ms; null beyond the last. */
  tickLatenessP99Ms: number | null;
  /** Share of ticks that began at most 10 ms late. */
  ticksInTime: number;
  /** In use by others, 0..1 of the whole machine. */
  othersBusy: number;
  faults: string[];
}

export function verdictOf(stage: Stage, codec: VideoCodec, run: RunFigures): CrowdResult {
  const { tickLateness, audioPacketsPerS } = run.mixer!;
  const total = tickLateness.counts.reduce((sum, count) => sum + count, 0);
  const within = (bin: number) =>
    tickLateness.counts.slice(0, bin + 1).reduce((sum, count) => sum + count, 0) / total;
  const p99 = tickLateness.boundsMs.find((_, bin) => within(bin) >= 0.99) ?? null;
  const result = {
    stage,
    codec,
    core: run.cpuPerMediaS,
    picturesPerS: run.picturesPerS,
    audioPacketsPerS,
    tickLatenessP99Ms: p99,
    ticksInTime: within(tickLateness.boundsMs.indexOf(limits.tickLatenessP99Ms)),
    othersBusy: run.cpu.othersBusy,
  };
  return { ...result, faults: faultsOf(result) };
}

function faultsOf(of: Omit<CrowdResult, 'faults'>): string[] {
  const faults: string[] = [];
  if (of.picturesPerS < limits.lowestPicturesPerS)
    faults.push(`only ${of.picturesPerS.toFixed(1)} pictures/s`);
  if (of.audioPacketsPerS < limits.audioPacketsPerS)
    faults.push(`only ${of.audioPacketsPerS.toFixed(1)} packets of sound/s`);
  if (of.tickLatenessP99Ms === null || of.tickLatenessP99Ms > limits.tickLatenessP99Ms)
    faults.push(`only ${(of.ticksInTime * 100).toFixed(1)} % of the ticks began within 10 ms`);
  return faults;
}

/** As it stands on the terminal. */
export function tableOf(results: CrowdResult[]): string {
  const rows = results.map(({ stage, codec, core, picturesPerS, tickLatenessP99Ms, faults, ...rest }) =>
    [
      `${stage.speakers} × ${stage.size === 'full' ? '720p30' : '360p30'} ${codec}`.padEnd(18),
      `${(core * 100).toFixed(0)} % of a core`,
      `${picturesPerS.toFixed(2)} pictures/s`,
      `tick p99 ≤ ${tickLatenessP99Ms ?? '> 1000'} ms`,
      `others ${(rest.othersBusy * 100).toFixed(0)} %`,
      faults.length === 0 ? 'kept' : `broken: ${faults.join('; ')}`,
    ].join('  '),
  );
  return rows.join('\n');
}
