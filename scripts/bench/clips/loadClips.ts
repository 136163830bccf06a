import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import type { ClipFiles } from '../load/clip.ts';
import { runFfmpeg } from '../machine/ffmpeg.ts';
import { clip } from '../program.ts';
import { MotionPicture } from './motionPicture.ts';
import { SlidesPicture } from './slidesPicture.ts';
import { SpeakerPicture } from './speakerPicture.ts';

/** Raise it when clips are drawn or coded differently: old ones are then made anew. */
const EDITION = 5;

/** Two sizes in which speakers send: a full camera, and what a tile of four needs. */
export const loadSizes = {
  full: { width: 1280, height: 720, fps: clip.fps, kbps: 1500 },
  fit: { width: 640, height: 360, fps: clip.fps, kbps: 600 },
} as const;

export type LoadSize = keyof typeof loadSizes;

/** Length of a loop. */
const SECONDS = 12;
export const loadPictures = clip.fps * SECONDS;

/** Pictures between two key frames. A refresh is where a publisher changes over when it is asked for one. */
const keyFrameEvery = { steady: 90, refresh: 10 } as const;

/** Coded before the loop; a multiple of both intervals. */
const LEAD = 270;

type Variant = keyof typeof keyFrameEvery;

/** Where a publisher may begin: each of these pictures is a key frame of `refresh`. */
export const refreshEvery = keyFrameEvery.refresh;

/** Clips that are drawn and coded at a time. */
const AT_ONCE = 2;

/** Speakers with a clip of their own; further ones send one of these at another place of its loop. */
const DISTINCT = 8;

interface ClipPicture {
  draw(frame: number, frames: number): Uint8Array;
}

/** In turn: somebody talks, somebody shows slides, somebody is on the move. */
const kinds = [SpeakerPicture, SlidesPicture, MotionPicture] as const;

/** The clips of a load in one codec, drawn and coded once per cache folder. */
export class LoadClips {
  readonly #folder: string;
  readonly #codec: VideoCodec;
  readonly #ffmpeg: string;

  constructor(ffmpeg: string, cache: string, codec: VideoCodec) {
    this.#ffmpeg = ffmpeg;
    this.#codec = codec;
    this.#folder = join(cache, `bench-load-${EDITION}`);
  }

  files(speaker: number, size: LoadSize): ClipFiles {
    const folder = this.#folderOf(speaker % DISTINCT);
    const { fps, kbps } = loadSizes[size];
    const video = (variant: Variant) => join(folder, this.#nameOf(size, variant));
    return {
      codec: this.#codec,
      fps,
      kbps,
      lead: LEAD,
      steady: video('steady'),
      refresh: video('refresh'),
      sound: join(folder, 'sound.ogg'),
    };
  }

  /** Makes what is missing for so many speakers. */
  async make(speakers: number, log: (line: string) => void): Promise<void> {
    const missing = Array.from({ length: Math.min(speakers, DISTINCT) }, (_, speaker) => speaker).filter(
      (speaker) => !existsSync(this.#folderOf(speaker)),
    );
    const count = missing.length;
    const next = async (): Promise<void> => {
      const speaker = missing.shift();
      if (speaker === undefined) return;
      log(`making ${this.#codec} clip ${count - missing.length} of ${count} (once)`);
      await this.#makeOne(speaker);
      await next();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  }

  #folderOf(speaker: number): string {
    return join(this.#folder, `${this.#codec}-${speaker}`);
  }

  #nameOf(size: LoadSize, variant: Variant): string {
    return `${size}-${variant}.${this.#codec === 'vp8' ? 'ivf' : 'h264'}`;
  }

  async #makeOne(speaker: number): Promise<void> {
    const folder = this.#folderOf(speaker);
    const unfinished = `${folder}.${process.pid}`;
    await mkdir(unfinished, { recursive: true });
    try {
      await this.#makeVideo(speaker, unfinished);
      await makeSound(this.#ffmpeg, speaker, join(unfinished, 'sound.ogg'));
      await rename(unfinished, folder);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }

  /** All codings come from one drawing. */
  async #makeVideo(speaker: number, folder: string): Promise<void> {
    const raw = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${clip.width}x${clip.height}`];
    const outputs = (Object.keys(loadSizes) as LoadSize[]).flatMap((size) =>
      (Object.keys(keyFrameEvery) as Variant[]).flatMap((variant) => [
        ...codingOf(this.#codec, size, variant),
        join(folder, this.#nameOf(size, variant)),
      ]),
    );
    const args = [...raw, '-framerate', `${clip.fps}`, '-i', 'pipe:0', ...outputs];
    await runFfmpeg(this.#ffmpeg, args, { input: drawAll(speaker) });
  }
}

function* drawAll(speaker: number): Generator<Uint8Array> {
  const Kind = kinds[speaker % kinds.length]!;
  const picture: ClipPicture = new Kind(speaker, clip.width, clip.height);
  for (let at = loadPictures - LEAD; at < 2 * loadPictures; at++)
    yield picture.draw(at % loadPictures, loadPictures);
}

/** Constant rate in real time, as a browser codes. */
function codingOf(codec: VideoCodec, size: LoadSize, variant: Variant): string[] {
  const { width, height, kbps } = loadSizes[size];
  const rate = [
    '-b:v',
    `${kbps}k`,
    '-minrate',
    `${kbps}k`,
    '-maxrate',
    `${kbps}k`,
    '-bufsize',
    `${kbps / 2}k`,
  ];
  const keyFrames = ['-g', '9999', '-force_key_frames', `expr:not(mod(n,${keyFrameEvery[variant]}))`];
  const common = [
    ...['-vf', `scale=${width}:${height}:flags=area`, '-pix_fmt', 'yuv420p', '-threads', '1'],
    ...rate,
    ...keyFrames,
  ];
  if (codec === 'h264') {
    const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-profile:v', 'baseline'];
    return [
      ...common,
      ...x264,
      '-forced-idr',
      '1',
      '-x264-params',
      'aud=1:slices=1:scenecut=0',
      '-f',
      'h264',
    ];
  }
  const libvpx = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '-8', '-lag-in-frames', '0'];
  return [...common, ...libvpx, '-auto-alt-ref', '0', '-max-intra-rate', '450', '-f', 'ivf'];
}

/** Of whose tone a speaker's sound is. */
export const toneHz = (speaker: number) => 300 + 90 * speaker;

/** A tone that swells like syllables, over a little noise; all packets are of 20 ms. */
async function makeSound(ffmpeg: string, speaker: number, file: string): Promise<void> {
  const tone = `sine=frequency=${toneHz(speaker)}:sample_rate=48000,volume=4,tremolo=f=${3 + (speaker % 5)}:d=0.8`;
  const noise = `anoisesrc=color=pink:amplitude=0.05:sample_rate=48000:seed=${speaker + 1}`;
  await runFfmpeg(ffmpeg, [
    ...['-f', 'lavfi', '-i', tone, '-f', 'lavfi', '-i', noise],
    ...['-filter_complex', 'amix=inputs=2:normalize=0', '-t', `${SECONDS}`],
    ...['-c:a', 'libopus', '-b:a', `${clip.audioKbps}k`, '-frame_duration', '20', file],
  ]);
}
