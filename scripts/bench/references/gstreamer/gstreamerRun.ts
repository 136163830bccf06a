import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { VideoCodec } from '../../../../mixer/protocol/control.ts';
import type { Clips } from '../../clips/makeClips.ts';
import { CpuSpan } from '../../machine/cpuSpan.ts';
import { runFfmpeg } from '../../machine/ffmpeg.ts';
import { clip, speakers } from '../../program.ts';
import type { Judge, Quality } from '../../quality/quality.ts';
import { bytesOf, pictureLengths, picturesBetween } from '../../runs/nativeRun.ts';
import { type Span, sleep } from '../../runs/run.ts';
import { launchProgram } from './find.ts';
import { pipeline, type SpeakerFiles } from './pipeline.ts';

export interface GstreamerRun {
  cpuPerMediaS: number;
  picturesPerS: number;
  videoKbps: number;
  quality: Quality;
  machineBusy: number;
}

/**
 * Clips repeated for as long as a run lasts: `gst-launch-1.0` cannot loop a file. Nothing is coded anew.
 * @param seconds how long they must last at least
 */
export async function repeatClips(
  ffmpeg: string,
  clips: Clips,
  codec: VideoCodec,
  seconds: number,
  folder: string,
): Promise<SpeakerFiles[]> {
  const loops = ['-stream_loop', `${Math.ceil(seconds / clip.seconds)}`];
  return Promise.all(
    speakers.map(async (speaker) => {
      const files = { video: join(folder, `${speaker}.mkv`), audio: join(folder, `${speaker}.ogg`) };
      await runFfmpeg(ffmpeg, [...loops, '-i', clips.loopable(speaker, codec), '-c', 'copy', files.video]);
      await runFfmpeg(ffmpeg, [...loops, '-i', clips.audio(speaker), '-c', 'copy', files.audio]);
      return files;
    }),
  );
}

/** One run of a `gst-launch-1.0` that does the mixer's job. */
export async function runGstreamer(
  codec: VideoCodec,
  files: readonly SpeakerFiles[],
  span: Span,
  judge: Judge,
  output: string,
): Promise<GstreamerRun> {
  const child = spawn(launchProgram, ['-q', ...pipeline(codec, files, output)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exit = once(child, 'exit');
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => {
    complaint = (complaint + text).slice(-1000);
  });
  const assertRuns = () => {
    if (child.exitCode !== null)
      throw new Error(`GStreamer ended with ${child.exitCode}: ${complaint.trim()}`);
  };
  try {
    await sleep(span.warmUpS);
    assertRuns();
    const from = await bytesOf(output);
    const cpuSpan = new CpuSpan(child.pid!);
    await sleep(span.measuredS);
    const cpu = cpuSpan.end();
    const until = await bytesOf(output);
    assertRuns();
    child.kill('SIGKILL');
    await exit;
    const range = picturesBetween(await pictureLengths(codec, output), from, until);
    return {
      cpuPerMediaS: cpu.cpuS / cpu.seconds,
      picturesPerS: range.count / cpu.seconds,
      videoKbps: ((until - from) * 8) / 1000 / cpu.seconds,
      quality: await judge(output, range),
      machineBusy: cpu.machineBusy,
    };
  } finally {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
}
