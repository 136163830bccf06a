import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeClips } from '../clips/makeClips.ts';
import type { BenchReference } from '../compare/result.ts';
import { program } from '../program.ts';
import { makeJudge } from '../quality/quality.ts';
import { runMixer } from '../runs/mixerRun.ts';
import { runNative } from '../runs/nativeRun.ts';
import { findGstreamer } from './gstreamer/find.ts';
import { repeatClips, runGstreamer } from './gstreamer/gstreamerRun.ts';
import { attempt, type ReferenceJob, WARM_UP_S } from './job.ts';

const JOB = 'four 720p30 speakers into one 720p30 program, with sound';

/** Processes start and clips are read before the warm-up: loops must outlast it all. */
const SLACK_S = 10;

/** By how much a run's pictures may differ from the program's rate. */
const PICTURES_SHARE = 0.03;

/** The mixer, native ffmpeg, GStreamer and the mixer again do the same job, one after the other. */
export async function mixingReferences(job: ReferenceJob, folder: string): Promise<BenchReference[]> {
  const main = join(job.root, 'dist/mixer/main.js');
  const skipAll = (why: string) =>
    Promise.all(
      ['native-ffmpeg', 'gstreamer'].map((name) => attempt(name, JOB, () => Promise.reject(new Error(why)))),
    );
  if (!existsSync(main)) return skipAll(`${main} is missing: run npm run build first`);
  const { codec, ffmpeg } = job;
  const prepared = await prepare(job).catch(({ message }: Error) => message);
  if (typeof prepared === 'string') return skipAll(prepared);
  const { clips, judge } = prepared;
  const span = { warmUpS: WARM_UP_S, measuredS: job.seconds };
  const file = (name: string) => join(folder, `${name}.${codec === 'vp8' ? 'ivf' : 'h264'}`);
  const mixer = async () =>
    checked(await runMixer(main, codec, clips, span, judge, file('mixer'))).cpuPerMediaS;

  job.say('the mixer, for comparison');
  const before = await mixer().catch((error: Error) => error);
  if (before instanceof Error) return skipAll(`the mixer: ${before.message}`);
  job.say('native ffmpeg');
  const native = await attempt('native-ffmpeg', JOB, async () => {
    const run = await runNative(ffmpeg.path, codec, clips, span, judge, file('native'));
    return { ...figures(run, job.seconds), version: ffmpeg.version };
  });
  job.say('GStreamer');
  const gstreamer = await attempt('gstreamer', JOB, async () => {
    const found = await findGstreamer(codec);
    if (found.missing) throw new Error(found.missing);
    const lengthS = WARM_UP_S + job.seconds + SLACK_S;
    const files = await repeatClips(ffmpeg.path, clips, codec, lengthS, folder);
    const run = await runGstreamer(codec, files, span, judge, file('gstreamer'));
    return { ...figures(run, job.seconds), version: found.version };
  });
  job.say('the mixer once more');
  const after = await mixer().catch(() => before);
  const ours = (before + after) / 2;
  return [native, gstreamer].map((each) => (each.skipped === null ? { ...each, ours } : each));
}

async function prepare({ root, codec, ffmpeg, say }: ReferenceJob) {
  const clips = await makeClips(ffmpeg.path, join(root, 'node_modules/.cache/rostrum'), say);
  return { clips, judge: await makeJudge(ffmpeg.path, clips, codec) };
}

interface Run {
  cpuPerMediaS: number;
  picturesPerS: number;
  videoKbps: number;
  quality: { psnrYDb: number };
}

/** @throws Error when pictures are missing, or were caught up with: less or more work is no comparison */
function checked<T extends Run>(run: T): T {
  if (Math.abs(run.picturesPerS / program.fps - 1) <= PICTURES_SHARE) return run;
  throw new Error(`${run.picturesPerS.toFixed(1)} pictures/s: the machine was too busy to compare`);
}

/** What it made is told with it. */
function figures(given: Run, seconds: number): Partial<BenchReference> {
  const run = checked(given);
  const made = `${run.picturesPerS.toFixed(1)} pictures/s, ${run.videoKbps.toFixed(0)} kbit/s, ${run.quality.psnrYDb.toFixed(1)} dB`;
  return { job: `${JOB}: ${made}`, cpu: run.cpuPerMediaS, seconds };
}
