import { join } from 'node:path';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { type FfmpegEnd, FfmpegRun } from '../ffmpeg/run.ts';
import { type MatroskaVideo, MatroskaWriter, type MediaPacket } from '../matroska/writer.ts';
import { formats, type RecordingFormat } from './format.ts';

export interface PartSpec {
  ffmpeg: Ffmpeg;
  /** Names the recording in the command line. */
  recording: string;
  folder: string;
  name: string;
  format: RecordingFormat;
  video: MatroskaVideo;
  /** Time in the recording at which this part begins. */
  startUs: number;
}

/** ffmpeg needs this long at most to write what it has and close the file. */
const FINISH_MS = 5_000;

/** The same for every reader of our stream: begin at once, there is nothing to find out. */
export const MATROSKA_INPUT = ['-f', 'matroska', '-probesize', '32', '-analyzeduration', '0'];

/** One file of a recording and the ffmpeg that writes it; there is a second part only if that dies. */
export class Part {
  readonly name: string;
  readonly startUs: number;
  readonly startedMs = performance.now();
  /** Resolves when ffmpeg has ended, whoever wanted it. */
  readonly ended: Promise<FfmpegEnd>;
  readonly #run: FfmpegRun;
  readonly #writer: MatroskaWriter;

  constructor({ ffmpeg, recording, folder, name, format, video, startUs }: PartSpec) {
    this.name = name;
    this.startUs = startUs;
    this.#writer = new MatroskaWriter({ video, audio: true });
    this.#run = new FfmpegRun(ffmpeg, {
      label: `recording/${recording}`,
      inputs: [{ source: 'pipe:0', options: MATROSKA_INPUT }],
      outputs: [{ target: `file:${join(folder, name)}`, options: ['-map', '0', ...formats[format].running] }],
    });
    this.ended = this.#run.ended;
  }

  get pid(): number | undefined {
    return this.#run.pid;
  }

  /** Bytes it has not taken yet. */
  get waitingBytes(): number {
    return this.#run.waitingBytes;
  }

  write(packet: MediaPacket): void {
    const timeUs = packet.timeUs - this.startUs;
    // The sound of the picture before this part's first.
    if (timeUs < 0) return;
    for (const bytes of this.#writer.write({ ...packet, timeUs })) this.#run.write(bytes);
  }

  finish(): Promise<FfmpegEnd> {
    return this.#run.finish(FINISH_MS);
  }

  kill(): void {
    this.#run.kill();
  }
}
