import type { VideoSettings } from './contract.ts';

/** One of the sizes in which a room's program is encoded for those who watch. */
export interface LadderStep {
  /** Pixels, even. */
  width: number;
  height: number;
  fps: number;
  kbps: number;
}

/** Below the program's own size, where a room asks for nothing else. */
export const defaultSteps: NonNullable<VideoSettings['ladder']> = [
  { height: 360, kbps: 600 },
  { height: 180, kbps: 180 },
];

/**
 * The sizes a program can be had in, best first. The first is its own; a step below that is not smaller
 * and cheaper than the one above it is left out.
 */
export function ladder(video: VideoSettings): LadderStep[] {
  const { width, height, fps, kbps } = video;
  const steps: LadderStep[] = [{ width, height, fps, kbps }];
  for (const step of [...(video.ladder ?? defaultSteps)].sort((a, b) => b.height - a.height)) {
    const above = steps.at(-1)!;
    if (step.height >= above.height || step.kbps >= above.kbps) continue;
    const scaled = Math.max(2, Math.round((width * step.height) / height / 2) * 2);
    steps.push({ width: scaled, height: step.height, fps, kbps: step.kbps });
  }
  return steps;
}
