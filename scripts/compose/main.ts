import { existsSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FfmpegProblem } from '../../src/egress/ffmpeg/ffmpeg.ts';
import { ComposeProblem, readBundle } from './bundleFolder.ts';
import { compose } from './compose.ts';

const usage = 'npm run compose -- <bundle folder> [--output file.mp4|file.webm]';

async function main(): Promise<void> {
  const { folder, output, format } = wanted();
  const bundle = readBundle(folder);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const ffmpeg = process.env.ROSTRUM_FFMPEG || null;
  const { signal } = interrupted;
  await compose({ bundle, output, format, ffmpeg, signal, progress });
  process.stderr.write('\n');
  console.log(output);
}

/** @throws ComposeProblem */
function wanted(): { folder: string; output: string; format: 'mp4' | 'webm' } {
  const { positionals, values } = parsed();
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new ComposeProblem(usage);
  const output = resolve(values.output ?? join(folder, 'composed.mp4'));
  const format = extname(output).slice(1);
  if (format !== 'mp4' && format !== 'webm') throw new ComposeProblem(`${output}: expected .mp4 or .webm`);
  if (existsSync(output)) throw new ComposeProblem(`${output} exists already`);
  if (!statSync(dirname(output), { throwIfNoEntry: false })?.isDirectory())
    throw new ComposeProblem(`${dirname(output)} is no folder`);
  return { folder, output, format };
}

function parsed() {
  try {
    return parseArgs({ allowPositionals: true, options: { output: { type: 'string' } } });
  } catch (error) {
    throw new ComposeProblem(`${(error as Error).message}\n${usage}`);
  }
}

/** One line that is written over on a terminal, else a line each. */
function progress(doneMs: number, ofMs: number): void {
  const text = `${(doneMs / 1000).toFixed(0)} of ${(ofMs / 1000).toFixed(0)} s composed`;
  process.stderr.write(process.stderr.isTTY ? `\r${text}` : `${text}\n`);
}

try {
  await main();
} catch (error) {
  const isExpected = error instanceof ComposeProblem || error instanceof FfmpegProblem;
  console.error(isExpected ? error.message : error);
  process.exitCode = 1;
}
