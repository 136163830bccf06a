import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { runFfmpeg } from '../machine/ffmpeg.ts';
import { type ClipForm, type ClipSize, clip, clipForms, clipFrames, codecs, speakers } from '../program.ts';
import { SpeakerPicture } from './speakerPicture.ts';

/** Raise it when clips are drawn or coded differently: old ones are then made anew. */
const EDITION = 2;

export class Clips {
  readonly #folder: string;
  readonly form: ClipForm;

  constructor(folder: string, form: ClipForm) {
    this.#folder = folder;
    this.form = form;
  }

  video(speaker: number, codec: VideoCodec): string {
    return join(this.#folder, `speaker-${speaker}.${codec === 'vp8' ? 'ivf' : 'h264'}`);
  }

  /** The same coded video in a file that ffmpeg can loop, which it cannot with a bare byte stream. */
  loopable(speaker: number, codec: VideoCodec): string {
    return join(this.#folder, `speaker-${speaker}.${codec}.mkv`);
  }

  audio(speaker: number): string {
    return join(this.#folder, `speaker-${speaker}.ogg`);
  }
}

/** Makes the clips of all speakers, once per cache folder. */
export async function makeClips(
  ffmpeg: string,
  cache: string,
  log: (line: string) => void,
  size: ClipSize = 'full',
): Promise<Clips> {
  const folder = join(cache, `bench-clips-${EDITION}${size === 'full' ? '' : `-${size}`}`);
  const form = clipForms[size];
  if (existsSync(folder)) return new Clips(folder, form);
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    const clips = new Clips(unfinished, form);
    for (const speaker of speakers) {
      log(`making the clips of speaker ${speaker + 1} of ${speakers.length} (once)`);
      await makeVideo(ffmpeg, clips, speaker);
      for (const codec of codecs) await wrap(ffmpeg, clips, speaker, codec);
      await makeAudio(ffmpeg, clips, speaker);
    }
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return new Clips(folder, form);
}

/** Both codings come from one drawing; rate and key frames as a browser's: one key frame, then none. */
async function makeVideo(ffmpeg: string, clips: Clips, speaker: number): Promise<void> {
  const { width, height, videoKbps } = clips.form;
  const rate = ['-b:v', `${videoKbps}k`, '-minrate', `${videoKbps}k`, '-maxrate', `${videoKbps}k`];
  const common = [
    ...(width === clip.width ? [] : ['-vf', `scale=${width}:${height}:flags=area`]),
    ...rate,
    '-bufsize',
    `${videoKbps / 2}k`,
    '-g',
    '9999',
    '-threads',
    '1',
    '-pix_fmt',
    'yuv420p',
  ];
  const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '-6', '-lag-in-frames', '0'];
  const h264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-profile:v', 'baseline'];
  const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${clip.width}x${clip.height}`];
  await runFfmpeg(
    ffmpeg,
    [
      ...[...input, '-framerate', `${clip.fps}`, '-i', 'pipe:0'],
      ...[
        ...common,
        ...vp8,
        '-auto-alt-ref',
        '0',
        '-max-intra-rate',
        '450',
        '-f',
        'ivf',
        clips.video(speaker, 'vp8'),
      ],
      ...[...common, ...h264, '-x264-params', 'aud=1:slices=1', '-f', 'h264', clips.video(speaker, 'h264')],
    ],
    { input: drawAll(speaker) },
  );
}

async function wrap(ffmpeg: string, clips: Clips, speaker: number, codec: VideoCodec): Promise<void> {
  const rate = codec === 'h264' ? ['-framerate', `${clip.fps}`] : [];
  await runFfmpeg(ffmpeg, [
    ...[...rate, '-fflags', '+genpts', '-i', clips.video(speaker, codec)],
    ...['-c', 'copy', clips.loopable(speaker, codec)],
  ]);
}

function* drawAll(speaker: number): Generator<Uint8Array> {
  const picture = new SpeakerPicture(speaker, clip.width, clip.height);
  for (let frame = 0; frame < clipFrames; frame++) yield picture.draw(frame, clipFrames);
}

/** A tone that swells like syllables, over a little noise. */
async function makeAudio(ffmpeg: string, clips: Clips, speaker: number): Promise<void> {
  const tone = `sine=frequency=${300 + 170 * speaker}:sample_rate=48000,volume=4,tremolo=f=${3 + speaker}:d=0.8`;
  const noise = `anoisesrc=color=pink:amplitude=0.05:sample_rate=48000:seed=${speaker + 1}`;
  await runFfmpeg(ffmpeg, [
    ...['-f', 'lavfi', '-i', tone, '-f', 'lavfi', '-i', noise],
    ...['-filter_complex', 'amix=inputs=2:normalize=0', '-t', `${clip.seconds + 1}`],
    ...['-c:a', 'libopus', '-b:a', `${clip.audioKbps}k`, '-frame_duration', '20', clips.audio(speaker)],
  ]);
}
