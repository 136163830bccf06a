/** What is in a recorded file, by decoding all of it. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findFfmpeg } from '../../src/egress/ffmpeg/find.ts';
import type { Rgb } from './reports.ts';

const run = promisify(execFile);

export interface DecodedStream {
  codec: string;
  frames: number;
  /** Of the first frame, and where the last one ends, seconds. */
  startS: number;
  endS: number;
  /** Longest time from one frame to the next. */
  longestGapS: number;
}

export interface Decoded {
  video: DecodedStream;
  audio: DecodedStream;
  /** What ffmpeg complained about. */
  complaints: string;
}

/** Decodes the whole file. */
export async function decode(path: string): Promise<Decoded> {
  const args = ['-map', '0:v', '-map', '0:a', '-vsync', '0', '-f', 'framecrc', '-'];
  const { stdout, stderr } = await ffmpeg(['-loglevel', 'level+info', '-i', path, ...args]);
  const codecOf = (kind: string) => new RegExp(`Stream #0.*${kind}: (\\w+)`).exec(stderr)?.[1] ?? 'none';
  const complaints = stderr.split('\n').filter((line) => /\[(error|fatal)\]/.test(line));
  return {
    video: { codec: codecOf('Video'), ...streamOf(stdout, 0) },
    audio: { codec: codecOf('Audio'), ...streamOf(stdout, 1) },
    complaints: complaints.join('\n'),
  };
}

/** Lines `stream, dts, pts, duration, size, checksum`, in units that the head tells. */
function streamOf(text: string, stream: number): Omit<DecodedStream, 'codec'> {
  const [, numerator, denominator] = new RegExp(`#tb ${stream}: (\\d+)/(\\d+)`).exec(text) ?? [];
  const unitS = Number(numerator) / Number(denominator);
  const frames = [...text.matchAll(new RegExp(`^${stream}, +-?\\d+, +(-?\\d+), +(\\d+),`, 'gm'))];
  const times = frames.map(([, pts]) => Number(pts) * unitS);
  const last = frames.at(-1);
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  return {
    frames: frames.length,
    startS: times[0] ?? Number.NaN,
    endS: last ? (Number(last[1]) + Number(last[2])) * unitS : Number.NaN,
    longestGapS: Math.max(0, ...gaps),
  };
}

const STEPS_PER_S = 200;
const SOUND_HZ = 8000;

/** Seconds at which the picture turns bright, and the sound begins. */
export async function beats(path: string): Promise<{ flashes: number[]; beeps: number[] }> {
  const [flashes, beeps] = await Promise.all([flashesIn(path), beepsIn(path)]);
  return { flashes, beeps };
}

export async function flashesIn(path: string): Promise<number[]> {
  const filter = `fps=${STEPS_PER_S}:start_time=0,scale=16:16,format=gray`;
  const { stdout } = await ffmpeg(['-i', path, '-an', '-vf', filter, '-f', 'rawvideo', '-'], 'buffer');
  const pictures = blocks(stdout as unknown as Buffer, 256).map((picture) => mean(picture));
  return rises(pictures, 170);
}

export async function beepsIn(path: string): Promise<number[]> {
  const sound = ['-vn', '-af', 'aresample=async=1:first_pts=0', '-ac', '1', '-ar', `${SOUND_HZ}`];
  const { stdout } = await ffmpeg(['-i', path, ...sound, '-f', 's16le', '-'], 'buffer');
  return rises(blocks(stdout as unknown as Buffer, (2 * SOUND_HZ) / STEPS_PER_S).map(loudness), 800);
}

/** The colour at a point of the picture that is shown at this moment, in fractions of the picture. */
export async function colourAt(path: string, atS: number, x: number, y: number): Promise<Rgb> {
  const crop = `crop=2:2:iw*${x}:ih*${y},scale=1:1`;
  const args = ['-ss', `${atS}`, '-i', path, '-frames:v', '1', '-vf', crop, '-pix_fmt', 'rgb24'];
  const { stdout } = await ffmpeg([...args, '-f', 'rawvideo', '-'], 'buffer');
  return [...(stdout as unknown as Buffer)].slice(0, 3) as Rgb;
}

/** Start and title of each chapter, as ffmpeg reads them. */
export async function chaptersIn(path: string): Promise<{ startS: number; title: string }[]> {
  const { stdout } = await ffmpeg(['-i', path, '-f', 'ffmetadata', '-']);
  return [...stdout.matchAll(/TIMEBASE=1\/(\d+)\nSTART=(\d+)\nEND=\d+\n(?:title=(.*))?/g)].map(
    ([, base, start, title = '']) => ({ startS: Number(start) / Number(base), title }),
  );
}

/** Offsets in ms of each flash from the beep next to it: positive when the picture is late. */
export function offsetsMs({ flashes, beeps }: { flashes: number[]; beeps: number[] }): number[] {
  return flashes.flatMap((flash) => {
    const nearest = beeps.reduce(
      (best, beep) => (Math.abs(beep - flash) < Math.abs(best - flash) ? beep : best),
      Number.POSITIVE_INFINITY,
    );
    return Math.abs(nearest - flash) < 0.4 ? [Math.round((flash - nearest) * 1000)] : [];
  });
}

/** Times at which a level rises over the threshold. */
const rises = (levels: number[], threshold: number): number[] =>
  levels.flatMap((level, index) =>
    level >= threshold && (levels[index - 1] ?? threshold) < threshold ? [index / STEPS_PER_S] : [],
  );

const blocks = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.floor(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );

const mean = (bytes: Buffer): number => bytes.reduce((sum, value) => sum + value, 0) / bytes.length;

function loudness(block: Buffer): number {
  let peak = 0;
  for (let at = 0; at + 1 < block.length; at += 2) peak = Math.max(peak, Math.abs(block.readInt16LE(at)));
  return peak;
}

let path: Promise<string> | undefined;

async function ffmpeg(args: string[], encoding: 'utf8' | 'buffer' = 'utf8') {
  path ??= findFfmpeg().then((found) => found.path);
  const options = { maxBuffer: 1024 * 1024 * 1024, encoding: encoding as 'utf8' };
  return run(await path, ['-hide_banner', '-nostdin', ...args], options);
}
