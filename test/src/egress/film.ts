import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { joinNals, splitPictures } from '../../../scripts/bench/clips/annexB.ts';
import { readOggOpus } from '../../../scripts/bench/clips/ogg.ts';
import type { ProgramChunk } from '../../../src/egress/recording/timeline.ts';

const run = promisify(execFile);
const FPS = 30;
const IDR = 5;

export interface Film {
  width: number;
  height: number;
  fps: number;
  video: ProgramChunk[];
  audio: ProgramChunk[];
}

/**
 * A program as a mixer would send it: white for the first tenth of each second of the film, with a tone
 * of 1 kHz meanwhile, coded in H.264 and Opus.
 * @param fromUs the program's time of its first picture
 * @param keyFrameUs a key frame at each multiple of this
 */
export async function makeFilm(ffmpeg: string, fromUs: number, seconds: number, keyFrameUs = 2_000_000) {
  const folder = await mkdtemp(join(tmpdir(), 'rostrum-film-'));
  const [h264, opus] = [join(folder, 'film.h264'), join(folder, 'film.opus')];
  const every = Math.round((keyFrameUs / 1e6) * FPS);
  const first = Math.ceil(((keyFrameUs - (fromUs % keyFrameUs)) % keyFrameUs) / (1e6 / FPS) - 1e-6);
  const flash = `color=c=black:s=320x180:r=${FPS},drawbox=c=white:t=fill:enable='lt(mod(t+0.001,1),0.1)'`;
  const beep = `aevalsrc='if(lt(mod(t,1),0.1),0.5*sin(2000*PI*t),0)|if(lt(mod(t,1),0.1),0.5*sin(2000*PI*t),0)':s=48000`;
  await run(ffmpeg, [
    ...['-hide_banner', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', flash, '-f', 'lavfi', '-i', beep],
    ...['-map', '0:v', '-t', `${seconds}`, '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency'],
    ...['-profile:v', 'baseline', '-pix_fmt', 'yuv420p', '-x264-params', 'aud=1:scenecut=0:keyint=9999'],
    ...['-force_key_frames', `expr:eq(n,0)+eq(mod(n,${every}),${first % every})`, '-f', 'h264', h264],
    ...['-map', '1:a', '-t', `${seconds}`, '-c:a', 'libopus', '-b:a', '64k', '-frame_duration', '20', opus],
  ]);
  const pictures = splitPictures(await readFile(h264));
  const frames = readOggOpus(await readFile(opus));
  await rm(folder, { recursive: true });
  const video = pictures.map((nals, index) => ({
    keyFrame: nals.some((nal) => (nal[0]! & 0x1f) === IDR),
    ptsUs: fromUs + Math.round((index * 1e6) / FPS),
    durationUs: Math.round(1e6 / FPS),
    bytes: joinNals(nals),
  }));
  const audio = frames.map((bytes, index) => ({
    ...{ keyFrame: true, ptsUs: fromUs + index * 20_000, durationUs: 20_000 },
    bytes,
  }));
  return { width: 320, height: 180, fps: FPS, video, audio } satisfies Film;
}

/** The chunks of both kinds as they come from a mixer: pictures a little later, since they are coded. */
export function inOrder(film: Film, pictureDelayUs = 40_000): ['video' | 'audio', ProgramChunk][] {
  const all = [
    ...film.video.map((chunk) => ['video', chunk, chunk.ptsUs + pictureDelayUs] as const),
    ...film.audio.map((chunk) => ['audio', chunk, chunk.ptsUs] as const),
  ];
  return all.sort((one, other) => one[2] - other[2]).map(([media, chunk]) => [media, chunk]);
}
