/**
 * What a viewer more costs: `npm run bench -- fanout`. See `docs/performance.md`.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asProgram } from './asProgram.ts';
import { thisMachine } from './compare/machine.ts';
import { type FanoutOptions, parseFanoutOptions, usage } from './fanout/options.ts';
import type { FanoutResult } from './fanout/result.ts';
import { projectFolder, runFanout } from './fanout/run.ts';
import { tableOf } from './fanout/table.ts';
import { findNativeFfmpeg } from './machine/ffmpeg.ts';
import { program } from './program.ts';

const main = join(projectFolder, 'dist/src/main.js');

export async function benchFanout(options: FanoutOptions, signal: AbortSignal): Promise<FanoutResult> {
  if (!existsSync(main)) throw new Error(`${main} is missing: run npm run build first`);
  const ffmpeg = await findNativeFfmpeg();
  const date = new Date().toISOString();
  const cache = join(projectFolder, 'node_modules/.cache/rostrum');
  const say = (line: string) => console.error(line);
  const measured = await runFanout(options, { main, cache, ffmpeg: ffmpeg.path, say, signal });
  const { codec, seconds, workers } = options;
  const { width, height, videoKbps: kbps } = program;
  return {
    command: ['npm run bench -- fanout', ...process.argv.slice(2)].join(' '),
    date,
    machine: thisMachine(),
    versions: { node: process.version },
    job: { codec, width, height, kbps, seconds, workers: workers ?? null },
    ...measured,
  };
}

async function runProgram(): Promise<void> {
  const options = parseFanoutOptions(process.argv.slice(2));
  const controller = new AbortController();
  const interrupt = () => controller.abort(new Error('it was interrupted'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const result = await benchFanout(options, controller.signal);
  const file = options.output ?? join(projectFolder, 'docs/reports/bench-fanout.json');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  console.log(tableOf(result));
  if (result.ended !== null) process.exitCode = 1;
}

await asProgram(import.meta.filename, usage, runProgram);
