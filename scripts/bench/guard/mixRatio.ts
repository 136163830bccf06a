import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clips } from '../clips/makeClips.ts';
import { program } from '../program.ts';
import { makeJudge } from '../quality/quality.ts';
import { runMixer } from '../runs/mixerRun.ts';
import { runNative } from '../runs/nativeRun.ts';
import type { RunResult } from '../runs/run.ts';

export interface MixFigures {
  /** Cores of the mixer before and after the reference, and of the reference. */
  mixer: [number, number];
  native: number;
  ratio: number;
}

const WARM_UP_S = 3;
/** By how much a run's pictures may differ from the program's rate. */
const PICTURES_SHARE = 0.03;

/** The mixer, native ffmpeg, the mixer again. @throws Error when one could not keep the rate */
export async function measureMix(
  main: string,
  ffmpeg: string,
  clips: Clips,
  seconds: number,
): Promise<MixFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'rostrum-guard-'));
  try {
    const judge = await makeJudge(ffmpeg, clips, 'vp8');
    const span = { warmUpS: WARM_UP_S, measuredS: seconds };
    const file = join(folder, 'program.ivf');
    const mixer = async () => checked(await runMixer(main, 'vp8', clips, span, judge, file));
    const before = await mixer();
    const native = checked(await runNative(ffmpeg, 'vp8', clips, span, judge, file));
    const after = await mixer();
    return { mixer: [before, after], native, ratio: (before + after) / 2 / native };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function checked(run: RunResult): number {
  if (Math.abs(run.picturesPerS / program.fps - 1) <= PICTURES_SHARE) return run.cpuPerMediaS;
  const rate = run.picturesPerS.toFixed(1);
  throw new Error(`${run.side} made ${rate} pictures/s instead of ${program.fps}: the machine is too busy`);
}
