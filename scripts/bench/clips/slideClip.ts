import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { runFfmpeg } from '../machine/ffmpeg.ts';
import { clip } from '../program.ts';
import { SlidesPicture } from './slidesPicture.ts';

/** Raise it when the slide is drawn or coded differently. */
const EDITION = 1;

/** A browser sends a screen that stands still again a few times a second. */
export const slideFps = 5;

const coders: Record<VideoCodec, string[]> = {
  vp8: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '-6', '-auto-alt-ref', '0', '-f', 'ivf'],
  h264: [
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-profile:v', 'baseline'],
    ...['-x264-params', 'aud=1:slices=1', '-f', 'h264'],
  ],
};

/** A slide that stands still, as a shared screen sends it; made once per cache folder. Gives the file. */
export async function makeSlide(ffmpeg: string, cache: string, codec: VideoCodec): Promise<string> {
  const file = join(cache, `bench-slide-${EDITION}.${codec === 'vp8' ? 'ivf' : 'h264'}`);
  if (existsSync(file)) return file;
  await mkdir(cache, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  const { width, height, videoKbps, seconds } = clip;
  const slide = new SlidesPicture(0, width, height).draw(0, 1);
  await runFfmpeg(
    ffmpeg,
    [
      ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${width}x${height}`],
      ...['-framerate', `${slideFps}`, '-i', 'pipe:0', '-b:v', `${videoKbps}k`, '-g', '9999'],
      ...['-threads', '1', ...coders[codec], unfinished],
    ],
    { input: Array.from({ length: slideFps * seconds }, () => slide) },
  );
  await rename(unfinished, file);
  return file;
}
