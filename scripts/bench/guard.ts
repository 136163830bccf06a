/**
 * `npm run bench -- guard`: in about a minute, whether mixing and sending have become dearer than they were
 * when `--record` was given. Ratios to work done on the same machine in the same run, so that another machine
 * may be asked. See `docs/performance.md`.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { asProgram } from './asProgram.ts';
import { LoadClips } from './clips/loadClips.ts';
import { makeClips } from './clips/makeClips.ts';
import { thisMachine } from './compare/machine.ts';
import { measureMix } from './guard/mixRatio.ts';
import { measureSend } from './guard/sendRatio.ts';
import { judge, recordedRatios } from './guard/verdict.ts';
import { exitOnSignals } from './machine/endsWithUs.ts';
import { findNativeFfmpeg } from './machine/ffmpeg.ts';

/** The project's folder, from dist/scripts/bench/. */
const root = join(import.meta.dirname, '../../..');
const kept = join(root, 'docs/reports/guard.json');
const usage = 'npm run bench -- guard [--record]';

const MIX_S = 8;
const SEND_S = 6;

/** Both ratios with everything behind them. @throws Error when one cannot be measured here */
export async function measureGuard(say: (line: string) => void) {
  const [mixer, server] = [join(root, 'dist/mixer/main.js'), join(root, 'dist/src/main.js')];
  if (!existsSync(mixer) || !existsSync(server)) throw new Error('dist is missing: run npm run build first');
  const ffmpeg = await findNativeFfmpeg();
  const cache = join(root, 'node_modules/.cache/rostrum');
  const clips = await makeClips(ffmpeg.path, cache, say);
  const load = new LoadClips(ffmpeg.path, cache, 'vp8');
  await load.make(2, say);
  say('mixing, and one native ffmpeg process');
  const mix = await measureMix(mixer, ffmpeg.path, clips, MIX_S);
  say('sending, and AES-GCM with a send');
  const send = await measureSend(server, load, SEND_S);
  return {
    date: new Date().toISOString(),
    machine: thisMachine(),
    versions: { node: process.version, ffmpeg: ffmpeg.version },
    ratios: { mix: mix.ratio, send: send.ratio },
    mix,
    send,
  };
}

/** @returns the exit code: 0 kept, 1 lost */
async function guard(record: boolean): Promise<number> {
  // Before a minute is spent.
  const recorded = record ? undefined : recordedRatios(await readFile(kept, 'utf8').catch(() => ''), kept);
  const measured = await measureGuard(console.log);
  if (recorded === undefined) {
    await mkdir(dirname(kept), { recursive: true });
    await writeFile(kept, `${JSON.stringify(measured, null, 2)}\n`);
    console.log(`recorded in ${kept}: ${JSON.stringify(measured.ratios)}`);
    return 0;
  }
  const { lines, kept: isKept } = judge(measured.ratios, recorded);
  for (const line of lines) console.log(line);
  return isKept ? 0 : 1;
}

await asProgram(import.meta.filename, usage, async () => {
  exitOnSignals();
  const { values } = parseArgs({ options: { record: { type: 'boolean', default: false } } });
  process.exitCode = await guard(values.record);
});
