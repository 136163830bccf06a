import type { CpuUse } from '../machine/cpuSpan.ts';
import type { Quality } from '../quality/quality.ts';

/** When a run is measured, in seconds after it began. */
export interface Span {
  warmUpS: number;
  measuredS: number;
}

/** What one run of either side yields. */
export interface RunResult {
  side: 'mixer' | 'native';
  cpu: CpuUse;
  /** CPU seconds per second of media. */
  cpuPerMediaS: number;
  picturesPerS: number;
  videoKbps: number;
  quality: Quality;
  /** Only the mixer tells these. */
  mixer?: MixerFigures;
}

export interface MixerFigures {
  tickLatenessP99Ms: number;
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
