/**
 * `npm run bench`: what mixing costs and what forwarding costs, on this machine, for speakers × viewers.
 * See `docs/performance.md`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asProgram } from './asProgram.ts';
import { LoadClips, loadSizes } from './clips/loadClips.ts';
import { keepReport, requireWritable, resultFile } from './compare/keep.ts';
import { checkMachine, thisMachine } from './compare/machine.ts';
import { type CompareOptions, parseCompareOptions, usage } from './compare/options.ts';
import { createProgress, type Progress } from './compare/progress.ts';
import { type BenchResult, RESULT_VERSION } from './compare/result.ts';
import { type GridOutcome, runGrid } from './compare/run.ts';
import { findNativeFfmpeg, type NativeFfmpeg } from './machine/ffmpeg.ts';
import { clip, program } from './program.ts';
import { measureReferences, type References } from './references/references.ts';
import { terminalText } from './report/table.ts';

/** The project's folder, from dist/scripts/bench/. */
const root = join(import.meta.dirname, '../../..');
const main = join(root, 'dist/src/main.js');
/** `npm` and the terminal may both pass the same Ctrl-C on. */
const SAME_SIGNAL_MS = 500;

/** Measures the grid; what was done is returned also when the signal or a crash ends it early. */
export async function benchCompare(
  options: CompareOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<BenchResult> {
  if (!existsSync(main)) throw new Error(`${main} is missing: run npm run build first`);
  await checkMachine(options);
  const ffmpeg = await findNativeFfmpeg();
  const clips = new LoadClips(ffmpeg.path, join(root, 'node_modules/.cache/rostrum'), options.codec);
  await clips.make(Math.max(...options.speakers), (line) => progress.say(line));
  const beganMs = performance.now();
  const date = new Date().toISOString();
  const outcome = await runGrid(options, { main, clips, progress, signal });
  const others = await referencesOf(options, ffmpeg, outcome, progress, signal);
  const tookS = (performance.now() - beganMs) / 1000;
  // A signal may also come while the others are measured.
  const ended = outcome.ended ?? (signal.aborted ? (signal.reason as Error).message : null);
  return { ...frameOf(options, ffmpeg), date, tookS, ...outcome, ...others, ended };
}

/** The same jobs done by others, unless nobody asked or the run has ended already. */
async function referencesOf(
  { codec, seconds, references }: CompareOptions,
  ffmpeg: NativeFfmpeg,
  { points, ended }: GridOutcome,
  progress: Progress,
  signal: AbortSignal,
): Promise<References> {
  if (!references || ended !== null) return { references: [], mesh: [] };
  const say = (line: string) => progress.say(line);
  return measureReferences({ root, codec, seconds, ffmpeg, points, say, signal });
}

/** Everything about a run that is known before it. */
function frameOf(options: CompareOptions, ffmpeg: NativeFfmpeg) {
  const { modes, speakers, viewers, repetitions, seconds, seed, codec } = options;
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { width, height, fps, videoKbps } = program;
  const argv = process.argv.slice(2);
  return {
    version: RESULT_VERSION,
    command: ['npm run bench', ...(argv.length > 0 ? ['--', ...argv] : [])].join(' '),
    machine: thisMachine(),
    versions: { rostrum: String(version), node: process.version, ffmpeg: ffmpeg.version },
    codec,
    grid: { modes, speakers, viewers, repetitions, seconds, seed },
    clips: { full: { ...loadSizes.full }, fit: { ...loadSizes.fit } },
    audioKbps: clip.audioKbps,
    program: { width, height, fps, kbps: videoKbps },
  } as const;
}

/** The first Ctrl-C ends the run in good order, the second at once. */
function endedBySignals(): AbortSignal {
  const controller = new AbortController();
  let firstMs = 0;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      const nowMs = performance.now();
      if (firstMs === 0) {
        firstMs = nowMs;
        controller.abort(new Error('it was interrupted'));
      } else if (nowMs - firstMs > SAME_SIGNAL_MS) process.exit(130);
    });
  }
  return controller.signal;
}

async function runProgram(): Promise<void> {
  const options = parseCompareOptions(process.argv.slice(2));
  const json = resultFile(options, root);
  await requireWritable(json);
  const progress = createProgress(process.stderr);
  const result = await benchCompare(options, progress, endedBySignals());
  progress.end();
  console.log(terminalText(await keepReport(options, result, root)));
  console.log(`${json} and its page beside it hold all of it.`);
  if (result.ended !== null) {
    console.error(`The run ended early: ${result.ended}`);
    process.exitCode = 1;
  }
}

await asProgram(import.meta.filename, usage, runProgram);
