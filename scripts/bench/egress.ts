/**
 * What a recording costs beside the mix: `npm run bench -- egress`. See `docs/performance.md`.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundledPath, findFfmpeg } from '../../src/egress/ffmpeg/find.ts';
import { asProgram } from './asProgram.ts';
import { makeClips } from './clips/makeClips.ts';
import { machineModel } from './machine/cpu.ts';
import { findNativeFfmpeg } from './machine/ffmpeg.ts';
import { program } from './program.ts';
import { type RecordingCost, runRecording } from './runs/recordingRun.ts';

/** Cores that a recording may take beside the mix. */
const LIMIT = 0.03;
/** Share of the machine in use, as in `mix`: beyond it processes take each other's cache and time. */
const MOST_BUSY = 0.85;

const root = join(import.meta.dirname, '../../..');
const usage = 'npm run bench -- egress [--seconds 20] [--bundled] [--output file]';

interface EgressOptions {
  seconds: number;
  /** With the ffmpeg that the package brings along. */
  bundled: boolean;
  output: string | undefined;
}

export async function benchEgress(options: EgressOptions, log: (line: string) => void): Promise<boolean> {
  const ffmpeg = await findFfmpeg(options.bundled ? await bundledPath() : undefined);
  const native = await findNativeFfmpeg();
  const clips = await makeClips(native.path, join(root, 'node_modules/.cache/rostrum'), log);
  const folder = await mkdtemp(join(tmpdir(), 'rostrum-bench-'));
  try {
    const costs: RecordingCost[] = [];
    for (const format of ['mp4', 'webm'] as const) {
      const span = { warmUpS: 4, measuredS: options.seconds };
      const cost = await runRecording(ffmpeg, format, clips, span, join(folder, 'recordings'));
      log(lineOf(cost));
      costs.push(cost);
    }
    const isValid = costs.every(({ machineBusy }) => machineBusy <= MOST_BUSY);
    const isWithin = costs.every(({ recording }) => recording <= LIMIT);
    log(`limit ${LIMIT} core: ${isWithin ? 'kept' : 'broken'}${isValid ? '' : ' (not valid: machine busy)'}`);
    await report(options, { ffmpeg: ffmpeg.version, limit: LIMIT, isWithin, isValid, costs });
    return isWithin && isValid;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const lineOf = ({ format, ffmpeg, server, mixer, recording, finishing, recordedS, kbps }: RecordingCost) =>
  `${format}: ${recording.toFixed(4)} core (ffmpeg ${ffmpeg.toFixed(4)}, server ${server.toFixed(4)}; ` +
  `mixer ${mixer.toFixed(4)}); ${kbps.toFixed(0)} kbit/s; ` +
  `finished in ${finishing.toFixed(2)} CPU s after ${recordedS.toFixed(0)} s`;

async function report(options: EgressOptions, measured: object): Promise<void> {
  const file = options.output ?? join(root, 'docs/reports/bench-egress.json');
  const text = {
    command: ['npm run bench -- egress', ...process.argv.slice(2)].join(' '),
    date: new Date().toISOString(),
    machine: machineModel(),
    versions: { node: process.version },
    job: { program, measuredS: options.seconds },
    ...measured,
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(text, null, 2)}\n`);
}

function parseOptions(argv: string[]): EgressOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      seconds: { type: 'string', default: '20' },
      bundled: { type: 'boolean', default: false },
      output: { type: 'string' },
    },
  });
  const seconds = Number(values.seconds);
  if (!(seconds >= 2 && seconds <= 3600)) {
    throw new Error(`--seconds is "${values.seconds}": a number from 2 to 3600 is allowed`);
  }
  return { seconds, bundled: values.bundled, output: values.output };
}

await asProgram(import.meta.filename, usage, async () => {
  if (!(await benchEgress(parseOptions(process.argv.slice(2)), console.log))) process.exitCode = 1;
});
