import { Backoff } from '../backoff.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { FfmpegRun } from '../ffmpeg/run.ts';
import type { Log } from '../log.ts';
import { MatroskaWriter } from '../matroska/writer.ts';
import { AdtsReader } from './adts.ts';

/** Samples of one Opus frame in, of one AAC frame out, at 48 kHz. */
const OPUS_SAMPLES = 960;
export const AAC_SAMPLES = 1024;
const OPUS_FRAME_US = 20_000;
/** After as many Opus frames both kinds begin at the same sample. */
const COMMON_FRAMES = 16;
/** What an encoder gives first knows nothing of what was before: its padding, and one frame more. */
const WARM_UP_FRAMES = 2;
/** Opus frames kept for the next process while none takes them: 30 s. */
const MAX_BACKLOG = 1_500;
const MAX_WAITING_BYTES = 256 * 1024;

export interface SoundEncoderParts {
  ffmpeg: Ffmpeg;
  /** Names the stream in the command line. */
  label: string;
  kbps: number;
  log: Log;
  /** The frame that begins at sample `index` × 1024; each comes once, in order. */
  each(index: number, bytes: Buffer): void;
}

/**
 * Opus to AAC by an ffmpeg of its own, frame by frame without loss of count.
 *  - One that dies is replaced and given what it had not coded: the frames go on without a gap.
 *  - While none can be started, the oldest sound is let go.
 */
export class SoundEncoder {
  readonly #parts: SoundEncoderParts;
  readonly #backoff = new Backoff(100, 5_000, 5_000);
  #backlog: { index: number; bytes: Buffer }[] = [];
  #run: FfmpegRun | undefined;
  #writer = new MatroskaWriter({ video: null, audio: true });
  /** First Opus frame that the running process was given. */
  #from = 0;
  #startedMs = 0;
  /** The AAC frame that comes next. */
  #next = 0;
  #restart: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: SoundEncoderParts) {
    this.#parts = parts;
  }

  get pid(): number | undefined {
    return this.#run?.pid;
  }

  /** @param index counts the Opus frames, from 0, without a hole */
  push(index: number, bytes: Buffer): void {
    if (this.#closed) return;
    // A copy: the frame is a view on a larger piece of the channel's memory.
    this.#backlog.push({ index, bytes: Buffer.from(bytes) });
    this.#forget();
    if (!this.#run && !this.#restart) this.#start();
    else if (this.#run) this.#feed(this.#run, index, bytes);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#restart);
    this.#run?.kill();
  }

  #start(): void {
    this.#restart = undefined;
    const first = this.#backlog.findIndex(({ index }) => index % COMMON_FRAMES === 0);
    if (first < 0 || this.#closed) return;
    const { ffmpeg, label, kbps } = this.#parts;
    const run = new FfmpegRun(ffmpeg, {
      label,
      inputs: [
        {
          source: 'pipe:0',
          options: ['-f', 'matroska', '-probesize', '32', '-analyzeduration', '0'],
        },
      ],
      outputs: [
        {
          target: 'pipe:1',
          options: [
            ...['-c:a', 'aac', '-b:a', `${kbps}k`, '-ar', '48000', '-ac', '2'],
            ...['-flush_packets', '1', '-f', 'adts'],
          ],
        },
      ],
      stdout: true,
    });
    this.#run = run;
    this.#startedMs = performance.now();
    this.#writer = new MatroskaWriter({ video: null, audio: true });
    this.#from = this.#backlog[first]!.index;
    this.#listen(run, (this.#from * OPUS_SAMPLES) / AAC_SAMPLES);
    for (const { index, bytes } of this.#backlog.slice(first)) this.#feed(run, index, bytes);
    void run.ended.then(({ reason, said }) => this.#ended(run, reason, said));
  }

  /** @param first the AAC frame that begins where this process began */
  #listen(run: FfmpegRun, first: number): void {
    const reader = new AdtsReader();
    // The encoder's own delay is one frame, which comes before the first sample it was given.
    let index = first - 1;
    const begin = first === 0 ? 0 : first + WARM_UP_FRAMES - 1;
    run.stdout?.on('data', (bytes: Buffer) => {
      for (const frame of reader.push(bytes)) {
        if (index >= begin) this.#emit(index, frame);
        index++;
      }
    });
  }

  #emit(index: number, frame: Buffer): void {
    if (index < this.#next || this.#closed) return;
    this.#next = index + 1;
    this.#parts.each(index, frame);
  }

  #feed(run: FfmpegRun, index: number, bytes: Buffer): void {
    const timeUs = (index - this.#from) * OPUS_FRAME_US;
    const packet = { media: 'audio', keyFrame: true, timeUs, durationUs: OPUS_FRAME_US, bytes } as const;
    for (const piece of this.#writer.write(packet)) run.write(piece);
    if (run.waitingBytes > MAX_WAITING_BYTES) run.kill();
  }

  /** Keeps what a new process would have to be given. */
  #forget(): void {
    const needed = ((this.#next - WARM_UP_FRAMES) * AAC_SAMPLES) / OPUS_SAMPLES;
    const oldest = Math.floor(needed / COMMON_FRAMES) * COMMON_FRAMES;
    const start = this.#backlog.findIndex(({ index }) => index >= oldest);
    const surplus = this.#backlog.length - MAX_BACKLOG;
    this.#backlog.splice(0, Math.max(start, surplus, 0));
  }

  #ended(run: FfmpegRun, reason: string, said: string): void {
    if (this.#run !== run) return;
    this.#run = undefined;
    if (this.#closed) return;
    const pauseMs = this.#backoff.pauseMs(performance.now() - this.#startedMs);
    const { log, label } = this.#parts;
    log.warn({ output: label, reason, said, pauseMs }, 'the sound encoder died and is replaced');
    this.#restart = setTimeout(() => this.#start(), pauseMs);
    this.#restart.unref();
  }
}
