/**
 * The mixing benchmark: the real mixer process and one native ffmpeg process do the same job in turn,
 * and the processor time of both is compared. See `docs/performance.md`.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { asProgram } from './asProgram.ts';
import { machineModel } from './machine/cpu.ts';
import { findNativeFfmpeg, type NativeFfmpeg } from './machine/ffmpeg.ts';
import { variants } from './mix/variants.ts';
import { type MixOptions, parseMixOptions, usage } from './options.ts';
import { clip, program } from './program.ts';
import { tableOf } from './table.ts';
import type { Comparison } from './verdict.ts';

/** The project's folder, from dist/scripts/bench/. */
const root = join(import.meta.dirname, '../../..');
const mixerMain = join(root, 'dist/mixer/main.js');

/** Compares both sides and returns what was measured. */
export async function benchMix(options: MixOptions, log: (line: string) => void): Promise<Comparison[]> {
  if (!existsSync(mixerMain)) throw new Error(`${mixerMain} is missing: run npm run build first`);
  const ffmpeg = await findNativeFfmpeg();
  const folder = await mkdtemp(join(tmpdir(), 'rostrum-bench-'));
  const variant = variants[options.variant];
  try {
    const comparisons: Comparison[] = [];
    for (const codec of options.codecs) {
      const bench = {
        mixerMain,
        ffmpeg: ffmpeg.path,
        cache: join(root, 'node_modules/.cache/rostrum'),
        file: join(folder, codec === 'vp8' ? 'program.ivf' : 'program.h264'),
        span: { warmUpS: options.warmUp, measuredS: options.seconds },
        runs: options.runs,
        say: log,
      };
      const comparison = await variant.run(bench, codec);
      log(tableOf(comparison, variant.title, variant.said));
      comparisons.push(comparison);
    }
    await report(options, ffmpeg, comparisons);
    return comparisons;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function report(options: MixOptions, ffmpeg: NativeFfmpeg, comparisons: Comparison[]): Promise<void> {
  const name = options.variant === 'full' ? 'bench-mix' : `bench-mix-${options.variant}`;
  const file = options.output ?? join(root, `docs/reports/${name}.json`);
  const text = {
    command: ['npm run bench -- mix', ...process.argv.slice(2)].join(' '),
    date: new Date().toISOString(),
    machine: machineModel(),
    versions: { node: process.version, nativeFfmpeg: ffmpeg.version },
    job: {
      title: variants[options.variant].title,
      clip,
      program,
      measuredS: options.seconds,
      warmUpS: options.warmUp,
    },
    ratios: Object.fromEntries(comparisons.map(({ codec, ratio }) => [codec, ratio])),
    floors: Object.fromEntries(comparisons.map(({ codec, floor }) => [codec, floor])),
    valid: comparisons.every(({ faults }) => faults.length === 0),
    comparisons,
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(text, null, 2)}\n`);
}

await asProgram(import.meta.filename, usage, async () => {
  const comparisons = await benchMix(parseMixOptions(process.argv.slice(2)), console.log);
  if (comparisons.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
});
