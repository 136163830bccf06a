import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { FfmpegEnd } from '../ffmpeg/run.ts';
import type { Log } from '../log.ts';
import type { MatroskaVideo, MediaPacket } from '../matroska/writer.ts';
import { Backlog } from './backlog.ts';
import type { RecordingFormat } from './format.ts';
import { Part } from './part.ts';

export interface RecorderParts {
  ffmpeg: Ffmpeg;
  id: string;
  folder: string;
  format: RecordingFormat;
  video: MatroskaVideo;
  /** Bytes that may wait for a recorder before it counts as stuck. */
  maxWaitingBytes: number;
  log: Log;
  /** A file was begun. */
  part(part: { name: string; startUs: number }): void;
  /** No recorder can be kept running. Told once. */
  failed(reason: string): void;
}

/** A recorder that lived this long did not die of its start. */
const LONG_LIFE_MS = 5_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
/** Deaths in a row, each of them young, before the recording is given up. */
const MAX_YOUNG_DEATHS = 6;

/**
 * Keeps one ffmpeg writing: one that dies is replaced at once and given what it had not written. Parts
 * therefore overlap; `join.ts` cuts each where the next begins.
 */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #backlog = new Backlog();
  #part: Part | undefined;
  #count = 0;
  #youngDeaths = 0;
  #restart: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  get pid(): number | undefined {
    return this.#part?.pid;
  }

  write(packets: readonly MediaPacket[]): void {
    for (const packet of packets) {
      if (this.#closed) return;
      this.#backlog.push(packet);
      if (this.#part) this.#part.write(packet);
      else if (!this.#restart) this.#begin();
    }
    if (!this.#part || this.#part.waitingBytes <= this.#parts.maxWaitingBytes) return;
    this.#parts.log.warn({ recording: this.#parts.id, pid: this.#part.pid }, 'the recorder is stuck: killed');
    this.#part.kill();
  }

  /** Lets the running recorder write to its end. Nothing is written any more. */
  async finish(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    if (await this.#finishPart()) return;
    // What it had in its hands is in the backlog still: another one may be luckier.
    this.#part = this.#open();
    await this.#finishPart();
  }

  /** @returns false when there was one and it ended badly */
  async #finishPart(): Promise<boolean> {
    if (!this.#part) return true;
    const { ok, reason, said } = await this.#part.finish();
    if (!ok) this.#parts.log.warn({ recording: this.#parts.id, reason, said }, 'a recorder ended badly');
    return ok;
  }

  #begin(): void {
    if (this.#closed) return;
    const part = this.#open();
    this.#part = part;
    void part?.ended.then((end) => this.#ended(part, end));
  }

  /** A part that begins with the first key frame there is. */
  #open(): Part | undefined {
    const packets = this.#backlog.packets;
    const first = packets[0];
    if (!first) return undefined;
    const name = `part-${++this.#count}.${this.#parts.format}`;
    const { ffmpeg, id, folder, format, video } = this.#parts;
    const part = new Part({ ffmpeg, recording: id, folder, name, format, video, startUs: first.timeUs });
    this.#parts.part({ name, startUs: first.timeUs });
    for (const packet of packets) part.write(packet);
    return part;
  }

  #ended(part: Part, { reason, said }: FfmpegEnd): void {
    if (this.#closed || this.#part !== part) return;
    this.#part = undefined;
    const { id, log, failed } = this.#parts;
    log.warn({ recording: id, pid: part.pid, reason, said }, 'the recorder died and is replaced');
    this.#youngDeaths = performance.now() - part.startedMs < LONG_LIFE_MS ? this.#youngDeaths + 1 : 0;
    const isFull = /No space left on device|Disk quota exceeded/.test(said);
    if (isFull || this.#youngDeaths >= MAX_YOUNG_DEATHS) {
      this.#closed = true;
      failed(isFull ? 'the disk is full' : `ffmpeg keeps ending: ${said || reason}`.slice(0, 500));
    } else if (this.#youngDeaths <= 1) {
      this.#begin();
    } else {
      this.#beginLater();
    }
  }

  #beginLater(): void {
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (this.#youngDeaths - 2), LONGEST_PAUSE_MS);
    this.#restart = setTimeout(() => {
      this.#restart = undefined;
      this.#begin();
    }, pauseMs);
    this.#restart.unref();
  }
}
