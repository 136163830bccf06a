import type { Histogram } from '../../../mixer/protocol/control.ts';
import type { CpuUse } from '../machine/cpuSpan.ts';
import type { Quality } from '../quality/quality.ts';

/** When a run is measured, in seconds after it began. */
export interface Span {
  warmUpS: number;
  measuredS: number;
}

/** What one run yields. */
export interface RunFigures {
  /** `still`: the mixer again, with a slide and one speaker. `floor`: the reference, given what the mixer gets. */
  side: 'mixer' | 'native' | 'still' | 'floor';
  cpu: CpuUse;
  /** CPU seconds per second of media. */
  cpuPerMediaS: number;
  picturesPerS: number;
  videoKbps: number;
  /** Only the mixer tells these. */
  mixer?: MixerFigures;
}

/** A run whose pictures were compared with what they should be. */
export interface RunResult extends RunFigures {
  quality: Quality;
}

export interface MixerFigures {
  /** Of the seconds, the worst. */
  tickLatenessP99Ms: number;
  /** Of the ticks that were measured. */
  tickLateness: Histogram;
  lateTicks: number;
  encodeMsMean: number;
  audioPacketsPerS: number;
  nacks: number;
  keyFramesWanted: number;
  feederWorstLateMs: number;
}

export function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
