import type { VideoCodec } from '../../mixer/protocol/control.ts';
import type { RunFigures, RunResult } from './runs/run.ts';

export interface Comparison {
  codec: VideoCodec;
  /** Alternating: what is measured, what it is held against. */
  runs: RunFigures[];
  /** CPU of what is measured divided by that of what it is held against, means over their runs. */
  ratio: number;
  /**
   * Where the reference was also given what the mixer was given: its CPU then, divided by the same. The mixer
   * cannot come below it but by another encoder.
   */
  floor?: number;
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

/**
 * The mixer against the native reference.
 * @param isSame whether both were given the same pictures: else only their rates can be compared
 */
export function compare(codec: VideoCodec, runs: RunResult[], isSame = true): Comparison {
  const mixer = runs.filter(({ side }) => side === 'mixer');
  const native = runs.filter(({ side }) => side === 'native');
  const faults = [...runs.flatMap(runFaults), ...runs.flatMap(pictureFaults)];
  const psnrGap = mean(native, (run) => run.quality.psnrYDb) - mean(mixer, (run) => run.quality.psnrYDb);
  if (isSame && !(psnrGap <= limits.psnrDb)) {
    faults.push(`the mixer's picture is ${psnrGap.toFixed(2)} dB worse than the reference's`);
  }
  const rateRatio = mean(mixer, (run) => run.videoKbps) / mean(native, (run) => run.videoKbps);
  if (!(Math.abs(rateRatio - 1) <= limits.rateShare)) {
    faults.push(`the mixer's rate is ${(rateRatio * 100).toFixed(1)} % of the reference's`);
  }
  const floor = runs.filter(({ side }) => side === 'floor');
  const ratio = cpuOf(mixer) / cpuOf(native);
  return { codec, runs, ratio, ...(floor.length > 0 && { floor: cpuOf(floor) / cpuOf(native) }), faults };
}

/** The mixer with a slide and one speaker against the mixer with four: the pictures are not alike. */
export function compareStill(codec: VideoCodec, runs: RunFigures[]): Comparison {
  const still = runs.filter(({ side }) => side === 'still');
  const moving = runs.filter(({ side }) => side === 'mixer');
  return { codec, runs, ratio: cpuOf(still) / cpuOf(moving), faults: runs.flatMap(runFaults) };
}

function mean<Run>(of: Run[], value: (run: Run) => number): number {
  return of.reduce((sum, run) => sum + value(run), 0) / of.length;
}

const cpuOf = (runs: RunFigures[]): number => mean(runs, (run) => run.cpuPerMediaS);

function runFaults({ side, picturesPerS, cpu: { machineBusy } }: RunFigures): string[] {
  const faults: string[] = [];
  if (picturesPerS < limits.lowestPicturesPerS)
    faults.push(`${side}: only ${picturesPerS.toFixed(2)} pictures/s`);
  if (machineBusy > limits.machineBusy)
    faults.push(`${side}: the machine was ${(machineBusy * 100).toFixed(0)} % busy`);
  return faults;
}

function pictureFaults({ side, quality: { pictures, unreadable } }: RunResult): string[] {
  if (pictures > 0 && unreadable <= limits.unreadableShare * pictures) return [];
  return [`${side}: ${unreadable} of ${pictures + unreadable} pictures could not be matched`];
}
