/**
 * The mixing benchmark: the real mixer process and one native ffmpeg process do the same job in turn,
 * and the processor time of both is compared. See `docs/performance.md`.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { VideoCodec } from '../../mixer/protocol/control.ts';
import { type Clips, makeClips } from './clips/makeClips.ts';
import { machineModel } from './machine/cpu.ts';
import { findNativeFfmpeg, type NativeFfmpeg } from './machine/ffmpeg.ts';
import { type MixOptions, parseMixOptions, usage } from './options.ts';
import { clip, program } from './program.ts';
import { makeJudge } from './quality/quality.ts';
import { runMixer } from './runs/mixerRun.ts';
import { runNative } from './runs/nativeRun.ts';
import type { RunResult } from './runs/run.ts';
import { tableOf } from './table.ts';
import { type Comparison, compare } from './verdict.ts';

/** The project's folder, from dist/scripts/bench/. */
const root = join(import.meta.dirname, '../../..');
const mixerMain = join(root, 'dist/mixer/main.js');

/** Compares both sides and returns what was measured. */
export async function benchMix(options: MixOptions, log: (line: string) => void): Promise<Comparison[]> {
  if (!existsSync(mixerMain)) throw new Error(`${mixerMain} is missing: run npm run build first`);
  const ffmpeg = await findNativeFfmpeg();
  const clips = await makeClips(ffmpeg.path, join(root, 'node_modules/.cache/rostrum'), log);
  const folder = await mkdtemp(join(tmpdir(), 'rostrum-bench-'));
  try {
    const comparisons: Comparison[] = [];
    for (const codec of options.codecs) {
      comparisons.push(await compareCodec(codec, options, ffmpeg, clips, folder, log));
    }
    await report(options, ffmpeg, comparisons);
    return comparisons;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compareCodec(
  codec: VideoCodec,
  options: MixOptions,
  ffmpeg: NativeFfmpeg,
  clips: Clips,
  folder: string,
  log: (line: string) => void,
): Promise<Comparison> {
  const judge = await makeJudge(ffmpeg.path, clips, codec);
  const span = { warmUpS: options.warmUp, measuredS: options.seconds };
  const file = join(folder, codec === 'vp8' ? 'program.ivf' : 'program.h264');
  const runs: RunResult[] = [];
  for (let run = 1; run <= options.runs; run++) {
    log(`${codec}, run ${run} of ${options.runs}: mixer`);
    runs.push(await runMixer(mixerMain, codec, clips, span, judge, file));
    log(`${codec}, run ${run} of ${options.runs}: native`);
    runs.push(await runNative(ffmpeg.path, codec, clips, span, judge, file));
  }
  const comparison = compare(codec, runs);
  log(tableOf(comparison));
  return comparison;
}

async function report(options: MixOptions, ffmpeg: NativeFfmpeg, comparisons: Comparison[]): Promise<void> {
  const file = options.output ?? join(root, 'docs/reports/bench-mix.json');
  const text = {
    command: ['npm run bench -- mix', ...process.argv.slice(2)].join(' '),
    date: new Date().toISOString(),
    machine: machineModel(),
    versions: { node: process.version, nativeFfmpeg: ffmpeg.version },
    job: { clip, program, measuredS: options.seconds, warmUpS: options.warmUp },
    ratios: Object.fromEntries(comparisons.map(({ codec, ratio }) => [codec, ratio])),
    valid: comparisons.every(({ faults }) => faults.length === 0),
    comparisons,
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(text, null, 2)}\n`);
}

if (import.meta.filename === process.argv[1]) {
  try {
    const comparisons = await benchMix(parseMixOptions(process.argv.slice(2)), console.log);
    if (comparisons.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
  } catch (error) {
    console.error((error as Error).message);
    console.error(usage);
    process.exitCode = 2;
  }
}
