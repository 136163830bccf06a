/**
 * The largest stages on one processor: sixteen speakers at 720p30, and twenty-five who send 640×360 as they are
 * asked to, mixed by a process that may use a single core. See `docs/performance.md`.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asProgram } from './asProgram.ts';
import { makeClips } from './clips/makeClips.ts';
import { type CrowdOptions, parseCrowdOptions, usage } from './crowd/options.ts';
import { type CrowdResult, stages, tableOf, verdictOf } from './crowd/verdict.ts';
import { stageTracks } from './feed/stage.ts';
import { machineModel } from './machine/cpu.ts';
import { findNativeFfmpeg } from './machine/ffmpeg.ts';
import { gridScene } from './program.ts';
import { runJob } from './runs/mixerRun.ts';

/** The project's folder, from dist/scripts/bench/. */
const root = join(import.meta.dirname, '../../..');
const mixerMain = join(root, 'dist/mixer/main.js');

/** What measures runs on the others, where there are any. */
const CORE = 0;

/** Measures both stages in each codec. */
export async function benchCrowd(options: CrowdOptions, say: (line: string) => void): Promise<CrowdResult[]> {
  if (!existsSync(mixerMain)) throw new Error(`${mixerMain} is missing: run npm run build first`);
  const ffmpeg = await findNativeFfmpeg();
  const results: CrowdResult[] = [];
  for (const stage of stages) {
    const clips = await makeClips(ffmpeg.path, join(root, 'node_modules/.cache/rostrum'), say, stage.size);
    for (const codec of options.codecs) {
      say(`${stage.speakers} speakers, ${codec}`);
      const job = { tracks: stageTracks(clips, codec, stage.speakers), scene: gridScene(stage.speakers) };
      const span = { warmUpS: options.warmUp, measuredS: options.seconds };
      const { result } = await runJob(mixerMain, codec, { ...job, core: CORE }, span);
      results.push(verdictOf(stage, codec, result));
    }
  }
  say(tableOf(results));
  return results;
}

async function report(options: CrowdOptions, results: CrowdResult[]): Promise<void> {
  const text = {
    command: ['npm run bench -- crowd', ...process.argv.slice(2)].join(' '),
    date: new Date().toISOString(),
    machine: machineModel(),
    versions: { node: process.version },
    measuredS: options.seconds,
    results,
  };
  const file = options.output ?? join(root, 'docs/reports/bench-crowd.json');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(text, null, 2)}\n`);
}

await asProgram(import.meta.filename, usage, async () => {
  const options = parseCrowdOptions(process.argv.slice(2));
  const results = await benchCrowd(options, console.log);
  await report(options, results);
  if (results.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
});
