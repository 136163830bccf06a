import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { readCounter } from '../clips/counter.ts';
import type { Clips } from '../clips/makeClips.ts';
import { runFfmpeg } from '../machine/ffmpeg.ts';
import { clip, program, speakers, tile, tileOrigin } from '../program.ts';
import { FrameCutter } from './frameCutter.ts';
import { isJudged } from './mask.ts';

export interface Quality {
  /** PSNR of luma against the uncoded composite, over all judged pictures, in dB. */
  psnrYDb: number;
  /** Pictures compared, and those whose frame numbers could not be read. */
  pictures: number;
  unreadable: number;
}

/** Judges the pictures `skip` … `skip + count` of a coded file. */
export type Judge = (file: string, range: { skip: number; count: number }) => Promise<Quality>;

const TILE_BYTES = tile.width * tile.height;
const CANVAS_BYTES = program.width * program.height;

/**
 * A judge that knows the uncoded composite: every frame of every clip, decoded and scaled as the job
 * says. Each picture is matched tile by tile by the number it carries, since senders do not tick together.
 */
export async function makeJudge(ffmpeg: string, clips: Clips, codec: VideoCodec): Promise<Judge> {
  const tiles: Buffer[][] = [];
  for (const speaker of speakers) tiles.push(await scaledLuma(ffmpeg, clips.video(speaker, codec)));
  return async (file, { skip, count }) => {
    let number = 0;
    let unreadable = 0;
    let squares = 0;
    let pixels = 0;
    const cutter = new FrameCutter(CANVAS_BYTES, (luma) => {
      const index = number++;
      if (index < skip || index >= skip + count) return;
      const error = pictureError(luma, tiles);
      if (!error) unreadable++;
      else {
        squares += error.squares;
        pixels += error.pixels;
      }
    });
    const onlyLuma = [
      '-fps_mode',
      'passthrough',
      '-vf',
      'format=yuv420p,extractplanes=y',
      '-f',
      'rawvideo',
      'pipe:1',
    ];
    await runFfmpeg(ffmpeg, ['-i', file, ...onlyLuma], { each: (chunk) => cutter.push(chunk) });
    const pictures = Math.min(number, skip + count) - skip - unreadable;
    return { psnrYDb: 10 * Math.log10((255 * 255 * pixels) / squares), pictures, unreadable };
  };
}

async function scaledLuma(ffmpeg: string, file: string): Promise<Buffer[]> {
  const frames: Buffer[] = [];
  const cutter = new FrameCutter(TILE_BYTES, (luma) => frames.push(Buffer.from(luma)));
  const scale = `scale=${tile.width}:${tile.height}:flags=bilinear,format=yuv420p,extractplanes=y`;
  const input = file.endsWith('.h264') ? ['-framerate', `${clip.fps}`, '-i', file] : ['-i', file];
  const output = ['-vf', scale, '-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1'];
  await runFfmpeg(ffmpeg, [...input, ...output], { each: (chunk) => cutter.push(chunk) });
  return frames;
}

/** Squared error over the judged pixels of one picture; null when a tile's frame number is unreadable. */
function pictureError(luma: Buffer, tiles: Buffer[][]): { squares: number; pixels: number } | null {
  let squares = 0;
  let pixels = 0;
  for (const speaker of speakers) {
    const origin = tileOrigin(speaker);
    const frame = readCounter(luma, program.width, { ...origin, width: tile.width, scale: 0.5 });
    const source = frame === null ? undefined : tiles[speaker]![frame];
    if (!source) return null;
    for (let y = 0; y < tile.height; y++) {
      const row = (origin.y + y) * program.width + origin.x;
      for (let x = 0; x < tile.width; x++) {
        if (!isJudged(x, y)) continue;
        const difference = luma[row + x]! - source[y * tile.width + x]!;
        squares += difference * difference;
        pixels++;
      }
    }
  }
  return { squares, pixels };
}
