/**
 * `npm run bench -- references`: native ffmpeg, GStreamer, Janus and a mesh of browsers at the benchmark's
 * jobs, without the grid.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { VideoCodec } from '../../mixer/protocol/control.ts';
import { asProgram } from './asProgram.ts';
import { exitOnSignals } from './machine/endsWithUs.ts';
import { findNativeFfmpeg } from './machine/ffmpeg.ts';
import { codecs } from './program.ts';
import { measureReferences } from './references/references.ts';
import { mesh, references } from './report/rows.ts';
import { textOf } from './report/table.ts';

const root = join(import.meta.dirname, '../../..');
const usage = 'npm run bench -- references [--seconds 8] [--codec vp8|h264] [--json file]';

interface Options {
  /** Measured span of each program. */
  seconds: number;
  codec: VideoCodec;
  /** Where what was measured goes, beside the terminal. */
  json: string | undefined;
}

/** @throws Error naming the option, what was given and what is allowed */
function parseOptions(argv: string[]): Options {
  const { values } = parseArgs({
    args: argv,
    options: {
      seconds: { type: 'string', default: '8' },
      codec: { type: 'string', default: 'vp8' },
      json: { type: 'string' },
    },
  });
  const seconds = Number(values.seconds);
  if (!(seconds >= 2 && seconds <= 600)) {
    throw new Error(`--seconds is "${values.seconds}": a number from 2 to 600 is allowed`);
  }
  const codec = codecs.find((each) => each === values.codec);
  if (!codec) throw new Error(`--codec is "${values.codec}": ${codecs.join(' or ')} is allowed`);
  return { seconds, codec, json: values.json };
}

await asProgram(import.meta.filename, usage, async () => {
  exitOnSignals();
  const options = parseOptions(process.argv.slice(2));
  const ffmpeg = await findNativeFfmpeg();
  const measured = await measureReferences({ root, ffmpeg, ...options, points: [], say: console.error });
  if (options.json) await writeFile(options.json, `${JSON.stringify(measured, null, 2)}\n`);
  for (const table of [references(measured), mesh(measured)]) {
    if (table.rows.length > 0) console.log(`${textOf(table)}\n`);
  }
});
