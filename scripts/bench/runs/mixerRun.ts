import { writeFile } from 'node:fs/promises';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { readPicture } from '../../../mixer/protocol/picture.ts';
import { writeIvf } from '../clips/ivf.ts';
import type { Clips } from '../clips/makeClips.ts';
import { Feeder, nowUs } from '../feed/feeder.ts';
import { announce, stageTracks } from '../feed/stage.ts';
import { CpuSpan } from '../machine/cpuSpan.ts';
import { benchScene, program } from '../program.ts';
import type { Judge } from '../quality/quality.ts';
import { joinPicture } from '../rtp/depacketize.ts';
import { type Emitted, MixerProcess } from './mixerProcess.ts';
import { type MixerFigures, type RunResult, type Span, sleep } from './run.ts';

const VIDEO = 1;
const AUDIO = 2;

/** One run of the real mixer, fed at real pace; what it sent is decoded and judged afterwards. */
export async function runMixer(
  main: string,
  codec: VideoCodec,
  clips: Clips,
  span: Span,
  judge: Judge,
  file: string,
): Promise<RunResult> {
  const tracks = stageTracks(clips, codec);
  const mixer = new MixerProcess(main);
  try {
    await mixer.ready();
    configure(mixer, codec);
    for (const fed of tracks) mixer.post(announce(fed));
    const feeder = new Feeder(mixer.channel, tracks);
    feeder.start();
    await sleep(span.warmUpS);
    feeder.worstLateUs = 0;
    const fromUs = nowUs();
    const cpuSpan = new CpuSpan(mixer.pid);
    await sleep(span.measuredS);
    const cpu = cpuSpan.end();
    const untilUs = nowUs();
    feeder.close();
    if (mixer.ended) throw new Error('the mixer ended while it was measured');
    const isMeasured = ({ arrivalUs }: Emitted) => arrivalUs >= fromUs && arrivalUs < untilUs;
    const video = mixer.emitted.filter(({ encoder }) => encoder === VIDEO);
    const measured = video.filter(isMeasured);
    const coded = await writeVideo(codec, video, file);
    const skip = video.findIndex(isMeasured);
    const bytes = coded.slice(skip, skip + measured.length).reduce((sum, { length }) => sum + length, 0);
    return {
      side: 'mixer',
      cpu,
      cpuPerMediaS: cpu.cpuS / cpu.seconds,
      picturesPerS: measured.length / cpu.seconds,
      videoKbps: (bytes * 8) / 1000 / cpu.seconds,
      quality: await judge(file, { skip, count: measured.length }),
      mixer: figures(mixer, feeder, isMeasured, cpu.seconds),
    };
  } finally {
    await mixer.close();
  }
}

function configure(mixer: MixerProcess, codec: VideoCodec): void {
  const { width, height, fps, videoKbps, audioKbps } = program;
  mixer.post({ type: 'configure', canvas: { width, height, fps }, maxPixels: 1920 * 1080 });
  mixer.post({ type: 'scene', scene: benchScene() });
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
async function writeVideo(codec: VideoCodec, video: Emitted[], file: string): Promise<Buffer[]> {
  const coded = video.map(({ picture }) => joinPicture(codec, readPicture(picture).packets));
  const { width, height, fps } = program;
  await writeFile(file, codec === 'vp8' ? writeIvf(coded, width, height, fps) : Buffer.concat(coded));
  return coded;
}

function figures(
  mixer: MixerProcess,
  feeder: Feeder,
  isMeasured: (emitted: Emitted) => boolean,
  seconds: number,
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
    lateTicks: last?.lateTicks ?? 0,
    encodeMsMean: encodeMs.reduce((sum, value) => sum + value, 0) / Math.max(1, encodeMs.length),
    audioPacketsPerS: audio.length / seconds,
    nacks: mixer.nacks,
    keyFramesWanted: mixer.keyFramesWanted,
    feederWorstLateMs: feeder.worstLateUs / 1000,
  };
}
