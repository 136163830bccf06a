import type { VideoCodec } from '../../mixer/protocol/control.ts';
import type { RunResult } from './runs/run.ts';

export interface Comparison {
  codec: VideoCodec;
  /** Alternating: mixer, native, mixer, native. */
  runs: RunResult[];
  /** Mixer's CPU divided by the native reference's, means over their runs. */
  ratio: number;
  /** Empty when the comparison is valid. */
  faults: string[];
}

/** What a comparison must hold to count. */
export const limits = {
  lowestPicturesPerS: 29.5,
  /** By how much the mixer's picture may be worse than the reference's. */
  psnrDb: 0.3,
  rateShare: 0.03,
  machineBusy: 0.85,
  unreadableShare: 0.02,
} as const;

export function compare(codec: VideoCodec, runs: RunResult[]): Comparison {
  const mixer = runs.filter(({ side }) => side === 'mixer');
  const native = runs.filter(({ side }) => side === 'native');
  const mean = (of: RunResult[], value: (run: RunResult) => number) =>
    of.reduce((sum, run) => sum + value(run), 0) / of.length;
  const faults = runs.flatMap(runFaults);
  const psnrGap = mean(native, (run) => run.quality.psnrYDb) - mean(mixer, (run) => run.quality.psnrYDb);
  if (!(psnrGap <= limits.psnrDb)) {
    faults.push(`the mixer's picture is ${psnrGap.toFixed(2)} dB worse than the reference's`);
  }
  const rateRatio = mean(mixer, (run) => run.videoKbps) / mean(native, (run) => run.videoKbps);
  if (!(Math.abs(rateRatio - 1) <= limits.rateShare)) {
    faults.push(`the mixer's rate is ${(rateRatio * 100).toFixed(1)} % of the reference's`);
  }
  const ratio = mean(mixer, (run) => run.cpuPerMediaS) / mean(native, (run) => run.cpuPerMediaS);
  return { codec, runs, ratio, faults };
}

function runFaults(run: RunResult): string[] {
  const faults: string[] = [];
  const { pictures, unreadable } = run.quality;
  if (run.picturesPerS < limits.lowestPicturesPerS) {
    faults.push(`${run.side}: only ${run.picturesPerS.toFixed(2)} pictures/s`);
  }
  if (run.cpu.machineBusy > limits.machineBusy) {
    faults.push(`${run.side}: the machine was ${(run.cpu.machineBusy * 100).toFixed(0)} % busy`);
  }
  if (pictures === 0 || unreadable > limits.unreadableShare * pictures) {
    faults.push(`${run.side}: ${unreadable} of ${pictures + unreadable} pictures could not be matched`);
  }
  return faults;
}
