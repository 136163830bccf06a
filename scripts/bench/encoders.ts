/**
 * What each preset of each encoder costs, and what it gives: the program of the mixing benchmark, encoded
 * in every size with every preset side by side. See `docs/performance.md`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { AV_LOG_FATAL } from 'node-av/constants';
import { getFFmpegInfo, Log } from 'node-av/lib';
import type { VideoCodec } from '../../mixer/protocol/control.ts';
import { CanvasFrames } from '../../mixer/video/canvasFrames.ts';
import { asProgram } from './asProgram.ts';
import { makeClips } from './clips/makeClips.ts';
import { Candidate, type Measured, type Rung } from './encoders/candidate.ts';
import { composite } from './encoders/composite.ts';
import { machineModel } from './machine/cpu.ts';
import { findNativeFfmpeg } from './machine/ffmpeg.ts';
import { program } from './program.ts';

/** The project's folder, from dist/scripts/bench/. */
const root = join(import.meta.dirname, '../../..');

const rungs: Rung[] = [
  { width: 1280, height: 720, kbps: 2000 },
  { width: 640, height: 360, kbps: 600 },
  { width: 320, height: 180, kbps: 180 },
];

const efforts: [VideoCodec, (string | number)[]][] = [
  ['h264', ['ultrafast', 'superfast', 'veryfast', 'faster']],
  ['vp8', [-4, -6, -8, -10, -12, -16]],
];

/** Seconds until rates have settled; not counted. */
const WARM_UP_S = 2;

/** Encodes `seconds` of the program in every way, in turn within each picture, so that all meet the same machine. */
export async function benchEncoders(seconds: number, log: (line: string) => void): Promise<Measured[]> {
  const ffmpeg = await findNativeFfmpeg();
  const clips = await makeClips(ffmpeg.path, join(root, 'node_modules/.cache/rostrum'), log);
  const { fps } = program;
  const candidates = rungs.map((rung) => ({
    rung,
    all: efforts.flatMap(([codec, names]) => names.map((effort) => new Candidate(codec, effort, rung, fps))),
  }));
  let frames: CanvasFrames | undefined;
  composite(clips, (seconds + WARM_UP_S) * fps, (canvas, number) => {
    frames ??= new CanvasFrames(canvas);
    frames.next();
    for (const { rung, all } of candidates) {
      const frame = frames.take(rung);
      const luma = {
        bytes: frame.data![0]!,
        stride: frame.linesize[0]!,
        width: rung.width,
        height: rung.height,
      };
      for (const candidate of all) candidate.feed(frame, luma, number >= WARM_UP_S * fps);
    }
    if (number % fps === 0) log(`second ${number / fps} of ${seconds + WARM_UP_S}`);
  });
  frames?.close();
  return candidates.flatMap(({ all }) => all.map((candidate) => candidate.close()));
}

function tableOf(measured: Measured[]): string {
  const head = 'size      encoder             ms/picture  core   kbit/s  PSNR-Y dB  SSIM-Y';
  const rows = measured.map((each) => {
    const encoder = `${each.codec === 'vp8' ? 'libvpx' : 'x264'} ${each.effort}`;
    return [
      `${each.height}p`.padEnd(8),
      encoder.padEnd(20),
      each.cpuMs.toFixed(2).padStart(8),
      each.core.toFixed(3).padStart(8),
      each.kbpsMeasured.toFixed(0).padStart(7),
      each.psnrYDb.toFixed(2).padStart(9),
      each.ssimY.toFixed(4).padStart(9),
    ].join(' ');
  });
  return [head, ...rows].join('\n');
}

async function main(): Promise<void> {
  const options = { seconds: { type: 'string', default: '8' }, output: { type: 'string' } } as const;
  const { values } = parseArgs({ args: process.argv.slice(2), options });
  const seconds = Number(values.seconds);
  if (!(seconds >= 1 && seconds <= 600)) throw new Error('--seconds: a number from 1 to 600 is allowed');
  Log.setLevel(AV_LOG_FATAL);
  const measured = await benchEncoders(Math.round(seconds), console.log);
  console.log(tableOf(measured));
  const file = values.output ?? join(root, 'docs/reports/bench-encoders.json');
  const report = {
    command: ['npm run bench -- encoders', ...process.argv.slice(2)].join(' '),
    date: new Date().toISOString(),
    machine: machineModel(),
    versions: { node: process.version, ffmpeg: getFFmpegInfo().version },
    measured,
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
}

await asProgram(import.meta.filename, '', main);
