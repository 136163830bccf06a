import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { splitPictures } from '../clips/annexB.ts';
import { readIvf } from '../clips/ivf.ts';
import type { Clips } from '../clips/makeClips.ts';
import { CpuSpan } from '../machine/cpuSpan.ts';
import { program, speakers, tile } from '../program.ts';
import type { Judge } from '../quality/quality.ts';
import { type RunResult, type Span, sleep } from './run.ts';

/** One run of a single native ffmpeg process that does the mixer's job and nothing else. */
export async function runNative(
  ffmpeg: string,
  codec: VideoCodec,
  clips: Clips,
  span: Span,
  judge: Judge,
  file: string,
): Promise<RunResult> {
  const child = spawn(ffmpeg, nativeArguments(codec, clips, file), {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(child, 'exit');
  try {
    await sleep(span.warmUpS);
    assertRuns(child);
    const from = await bytesOf(file);
    const cpuSpan = new CpuSpan(child.pid!);
    await sleep(span.measuredS);
    const cpu = cpuSpan.end();
    const until = await bytesOf(file);
    assertRuns(child);
    // ffmpeg finishes its files at the first interrupt.
    child.kill('SIGINT');
    await exit;
    const range = picturesBetween(await pictureLengths(codec, file), from, until);
    return {
      side: 'native',
      cpu,
      cpuPerMediaS: cpu.cpuS / cpu.seconds,
      picturesPerS: range.count / cpu.seconds,
      videoKbps: ((until - from) * 8) / 1000 / cpu.seconds,
      quality: await judge(file, range),
    };
  } finally {
    if (child.exitCode === null) child.kill('SIGKILL');
  }
}

function assertRuns(child: ChildProcess): void {
  if (child.exitCode !== null) throw new Error(`the native reference ended with ${child.exitCode}`);
}

/** The reference writes every picture at once, so the file's length tells how far it is. */
export async function bytesOf(file: string): Promise<number> {
  return (await stat(file)).size;
}

export async function pictureLengths(codec: VideoCodec, file: string): Promise<number[]> {
  const coded = await readFile(file);
  if (codec === 'vp8') return readIvf(coded).map(({ length }) => length + 12);
  return splitPictures(coded).map((nals) => nals.reduce((sum, nal) => sum + nal.length + 4, 6));
}

/** The pictures that lie between two lengths of the file. */
export function picturesBetween(
  lengths: number[],
  from: number,
  until: number,
): { skip: number; count: number } {
  let end = 0;
  const ends = lengths.map((length) => {
    end += length;
    return end;
  });
  const skip = ends.filter((each) => each <= from).length;
  return { skip, count: ends.filter((each) => each <= until).length - skip };
}

function nativeArguments(codec: VideoCodec, clips: Clips, file: string): string[] {
  const paced = ['-re', '-stream_loop', '-1'];
  const inputs = speakers.flatMap((speaker) => [
    '-threads',
    '1',
    ...paced,
    '-i',
    clips.loopable(speaker, codec),
  ]);
  const sounds = speakers.flatMap((speaker) => [...paced, '-i', clips.audio(speaker)]);
  const scaled = speakers.map((n) => `[${n}:v]scale=${tile.width}:${tile.height}:flags=bilinear[tile${n}]`);
  const tiles = speakers.map((n) => `[tile${n}]`).join('');
  const picture = `${tiles}xstack=inputs=4:layout=0_0|w0_0|0_h0|w0_h0[picture]`;
  const sound = `${speakers.map((n) => `[${n + 4}:a]`).join('')}amix=inputs=4:normalize=0[sound]`;
  return [
    ...['-hide_banner', '-nostats', '-nostdin', '-v', 'error', '-y', ...inputs, ...sounds],
    ...['-filter_complex_threads', '1', '-filter_complex', [...scaled, picture, sound].join(';')],
    ...['-map', '[picture]', '-r', `${program.fps}`, '-pix_fmt', 'yuv420p', ...encoderArguments(codec)],
    ...['-flush_packets', '1', '-f', codec === 'vp8' ? 'ivf' : 'h264', file],
    ...['-map', '[sound]', '-c:a', 'libopus', '-b:a', `${program.audioKbps}k`, '-f', 'null', '-'],
  ];
}

/** The settings of `mixer/video/encoder.ts`, said in ffmpeg's words. */
function encoderArguments(codec: VideoCodec): string[] {
  const rate = `${program.videoKbps}k`;
  const constant = ['-b:v', rate, '-minrate', rate, '-maxrate', rate, '-bufsize', rate, '-g', '9999'];
  return [...constant, '-threads', '1', ...(codec === 'vp8' ? libvpx : libx264)];
}

const libvpx = [
  ...['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '-8', '-lag-in-frames', '0'],
  ...['-auto-alt-ref', '0', '-static-thresh', '1'],
];

/** Delimiters cost six bytes a picture and let the file be cut into pictures afterwards. */
const libx264 = [
  ...['-c:v', 'libx264', '-preset', 'superfast', '-tune', 'zerolatency', '-profile:v', 'baseline'],
  ...['-bf', '0', '-sc_threshold', '0', '-x264-params', 'aud=1'],
];
