import { writeFile } from 'node:fs/promises';
import type { Histogram, Scene, VideoCodec } from '../../../mixer/protocol/control.ts';
import { readPicture } from '../../../mixer/protocol/picture.ts';
import { writeIvf } from '../clips/ivf.ts';
import type { Clips } from '../clips/makeClips.ts';
import { type FedTrack, Feeder, nowUs } from '../feed/feeder.ts';
import { announce, stageTracks } from '../feed/stage.ts';
import { CpuSpan } from '../machine/cpuSpan.ts';
import { benchScene, program } from '../program.ts';
import type { Judge } from '../quality/quality.ts';
import { joinPicture } from '../rtp/depacketize.ts';
import { type Emitted, MixerProcess } from './mixerProcess.ts';
import { type MixerFigures, type RunFigures, type RunResult, type Span, sleep } from './run.ts';

const VIDEO = 1;
const AUDIO = 2;

/** What a mixer is fed with, and where it may run. */
export interface MixerJob {
  tracks: FedTrack[];
  scene: Scene;
  /** The only processor it may use; any by default. */
  core?: number;
}

/** One run of the real mixer, fed at real pace; what it sent is decoded and judged afterwards. */
export async function runMixer(
  main: string,
  codec: VideoCodec,
  clips: Clips,
  span: Span,
  judge: Judge,
  file: string,
): Promise<RunResult> {
  const job = { tracks: stageTracks(clips, codec), scene: benchScene() };
  const { video, skip, count, result } = await runJob(main, codec, job, span);
  await writeVideo(codec, video, file);
  return { ...result, quality: await judge(file, { skip, count }) };
}

interface JobResult {
  /** All pictures that the mixer sent; those from `skip` on were measured. */
  video: Buffer[];
  skip: number;
  count: number;
  result: RunFigures;
}

/** One run of the real mixer at any job, fed at real pace. */
export async function runJob(
  main: string,
  codec: VideoCodec,
  { tracks, scene, core }: MixerJob,
  span: Span,
): Promise<JobResult> {
  const mixer = new MixerProcess(main, core);
  try {
    await mixer.ready();
    configure(mixer, codec, scene);
    for (const fed of tracks) mixer.post(announce(fed));
    const feeder = new Feeder(mixer.channel, tracks);
    feeder.start();
    await sleep(span.warmUpS);
    feeder.worstLateUs = 0;
    const statsBefore = mixer.stats.length;
    const fromUs = nowUs();
    const cpuSpan = new CpuSpan(mixer.pid);
    await sleep(span.measuredS);
    const cpu = cpuSpan.end();
    const untilUs = nowUs();
    feeder.close();
    if (mixer.ended) throw new Error('the mixer ended while it was measured');
    const isMeasured = ({ arrivalUs }: Emitted) => arrivalUs >= fromUs && arrivalUs < untilUs;
    const video = mixer.emitted.filter(({ encoder }) => encoder === VIDEO);
    const count = video.filter(isMeasured).length;
    const coded = video.map(({ picture }) => joinPicture(codec, readPicture(picture).packets));
    const skip = video.findIndex(isMeasured);
    const bytes = coded.slice(skip, skip + count).reduce((sum, { length }) => sum + length, 0);
    const result: RunFigures = {
      side: 'mixer',
      cpu,
      cpuPerMediaS: cpu.cpuS / cpu.seconds,
      picturesPerS: count / cpu.seconds,
      videoKbps: (bytes * 8) / 1000 / cpu.seconds,
      mixer: figures(mixer, feeder, isMeasured, cpu.seconds, statsBefore),
    };
    return { video: coded, skip, count, result };
  } finally {
    await mixer.close();
  }
}

function configure(mixer: MixerProcess, codec: VideoCodec, scene: Scene): void {
  const { width, height, fps, videoKbps, audioKbps } = program;
  mixer.post({ type: 'configure', canvas: { width, height, fps }, maxPixels: 1920 * 1080 });
  mixer.post({ type: 'scene', scene });
  mixer.post({
    type: 'start-encoder',
    encoder: VIDEO,
    media: 'video',
    codec,
    width,
    height,
    fps,
    kbps: videoKbps,
  });
  mixer.post({ type: 'start-encoder', encoder: AUDIO, media: 'audio', codec: 'opus', kbps: audioKbps });
}

/** Puts what was sent as RTP together again, as a file ffmpeg can decode. */
async function writeVideo(codec: VideoCodec, coded: Buffer[], file: string): Promise<void> {
  const { width, height, fps } = program;
  await writeFile(file, codec === 'vp8' ? writeIvf(coded, width, height, fps) : Buffer.concat(coded));
}

function figures(
  mixer: MixerProcess,
  feeder: Feeder,
  isMeasured: (emitted: Emitted) => boolean,
  seconds: number,
  statsBefore: number,
): MixerFigures {
  const { stats } = mixer;
  const last = stats.at(-1);
  const audio = mixer.emitted.filter((emitted) => emitted.encoder === AUDIO && isMeasured(emitted));
  const encodeMs = stats.flatMap(({ encoders }) =>
    encoders
      .filter(({ encoder, frames }) => encoder === VIDEO && frames > 0)
      .map((each) => each.encodeMsMean),
  );
  return {
    tickLatenessP99Ms: Math.max(...stats.slice(-Math.floor(seconds)).map((each) => each.tickLatenessP99Ms)),
    tickLateness: between(stats[statsBefore - 1]?.tickLateness, last?.tickLateness),
    lateTicks: last?.lateTicks ?? 0,
    encodeMsMean: encodeMs.reduce((sum, value) => sum + value, 0) / Math.max(1, encodeMs.length),
    audioPacketsPerS: audio.length / seconds,
    nacks: mixer.nacks,
    keyFramesWanted: mixer.keyFramesWanted,
    feederWorstLateMs: feeder.worstLateUs / 1000,
  };
}

/** What was counted from one moment to another. */
function between(from: Histogram | undefined, until: Histogram | undefined): Histogram {
  if (from === undefined || until === undefined) throw new Error('the mixer told no lateness of its ticks');
  return {
    boundsMs: until.boundsMs,
    counts: until.counts.map((count, bin) => count - from.counts[bin]!),
    sumMs: until.sumMs - from.sumMs,
  };
}
