import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RostrumError } from '../../errors.ts';
import type { RoomFeed } from '../bundle/feed.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Log } from '../log.ts';
import { adoptAll } from './adopt.ts';
import type { ProgramFeed } from './feed.ts';
import { formats, isRecordingFormat } from './format.ts';
import { freeBytes } from './freeSpace.ts';
import { type Past, readPast } from './past.ts';
import { Recording } from './recording.ts';
import type { RecordedFile, RecordingView } from './view.ts';

export interface RecordingSettings {
  /** Each recording has a folder of its own in here. The folder belongs to one server. */
  folder: string;
  /** Below this many free bytes recordings end, and none begins. */
  lowWaterBytes: number;
  /** Days that a finished recording is kept; 0 keeps it for ever. */
  retentionDays: number;
  /** A key frame comes at least this often while a recording runs, ms. */
  keyFrameIntervalMs: number;
}

export interface RecordingStoreParts extends RecordingSettings {
  /** @throws FfmpegProblem */
  ffmpeg(): Promise<Ffmpeg>;
  /** Microseconds of the clock that chunks are stamped with. */
  nowUs(): number;
  log: Log;
}

export interface RecordingRequest {
  room: string;
  format: string;
  feed: ProgramFeed;
  /** Given when each speaker's own tracks shall be kept. */
  roomFeed?: RoomFeed;
  /** The recording as it is now, whenever its state changed. */
  changed(recording: RecordingView): void;
}

const WATCH_MS = 1_000;
const CLEAN_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** All recordings of a server: those that run, and those of the past, also of servers before this one. */
export class RecordingStore {
  readonly #parts: RecordingStoreParts;
  readonly #running = new Map<string, Recording>();
  readonly #past = new Map<string, Past>();
  #adopting: Promise<void> = Promise.resolve();
  #watch: NodeJS.Timeout | undefined;
  #clean: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: RecordingStoreParts) {
    this.#parts = parts;
  }

  /**
   * Reads what is there. What a server before left unfinished is finished in the background.
   * @returns resolves when all that is over
   */
  open(): Promise<void> {
    const { folder, log } = this.#parts;
    const { past, unfinished } = readPast(folder);
    for (const one of past) this.#past.set(one.view.id, one);
    this.#adopting = adoptAll(unfinished, this.#parts.ffmpeg, log, (one) => this.#past.set(one.view.id, one));
    this.#clean = setInterval(() => void this.#dropOld(), CLEAN_MS);
    this.#clean.unref();
    void this.#dropOld();
    return this.#adopting;
  }

  /**
   * Resolves when the first picture is in.
   * @throws RostrumError invalid-request | recording-exists | cannot-record | disk-full | shutting-down
   */
  async begin({ room, format, feed, roomFeed, changed }: RecordingRequest): Promise<Recording> {
    const { folder, keyFrameIntervalMs, nowUs, log } = this.#parts;
    if (!isRecordingFormat(format)) {
      const allowed = Object.keys(formats).join(', ');
      throw new RostrumError('invalid-request', `format: expected one of ${allowed}`);
    }
    const ffmpeg = await this.#ffmpeg();
    await this.#requireSpace();
    if (this.#closed) throw new RostrumError('shutting-down', 'the server stops; try again', 5);
    if (this.runningIn(room).some((one) => one.format === format && !one.over)) {
      throw new RostrumError(
        'recording-exists',
        `a recording as ${format} runs in this room; finish it, or record in the other format`,
      );
    }
    const id = newId(room);
    const recording = new Recording({
      ...{ id, room, format, feed, roomFeed: roomFeed ?? null, ffmpeg, nowUs, log },
      folder: join(folder, id),
      keyFrameIntervalUs: keyFrameIntervalMs * 1000,
      changed: () => {
        const view = recording.view();
        this.#keepIfOver(recording, view);
        changed(view);
      },
    });
    this.#running.set(id, recording);
    this.#watch ??= setInterval(() => void this.#look(), WATCH_MS).unref();
    changed(recording.view());
    log.info({ room, recording: id, format }, 'a recording begins');
    await recording.start();
    return recording;
  }

  /** Those of one room that are not over, or are being finished. */
  runningIn(room: string): Recording[] {
    return [...this.#running.values()].filter((one) => one.room === room);
  }

  /** Newest first. */
  list(room?: string): RecordingView[] {
    const all = [...this.#running.values(), ...this.#past.values()].map((one) =>
      one instanceof Recording ? one.view() : one.view,
    );
    const wanted = room === undefined ? all : all.filter((one) => one.room === room);
    return wanted.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  }

  /** @throws RostrumError no-such-recording */
  get(id: string): RecordingView {
    const view = this.#running.get(id)?.view() ?? this.#past.get(id)?.view;
    if (view) return view;
    throw new RostrumError(
      'no-such-recording',
      `there is no recording ${JSON.stringify(id.slice(0, 80))}; it may have been removed`,
    );
  }

  /**
   * Ending one that is over is the same as ending it once.
   * @throws RostrumError no-such-recording | recording-over
   */
  async change(id: string, state: 'paused' | 'recording' | 'finished'): Promise<RecordingView> {
    const recording = this.#running.get(id);
    if (recording && state === 'finished') await recording.finish();
    else if (recording && !recording.over)
      await (state === 'paused' ? recording.pause() : recording.resume());
    else if (state !== 'finished') {
      this.get(id);
      throw new RostrumError('recording-over', 'it has ended and cannot go on; begin another');
    }
    return this.get(id);
  }

  /** Sets a chapter mark at this moment. @throws RostrumError no-such-recording | recording-over | full */
  mark(id: string, title: string): RecordingView {
    const view = this.get(id);
    const recording = this.#running.get(id);
    if (!recording || recording.over)
      throw new RostrumError('recording-over', 'it has ended; marks are set while it runs');
    if (!recording.mark(title))
      throw new RostrumError(
        'full',
        `a recording has ${view.chapters.length} chapters at most; this one has them`,
      );
    return this.get(id);
  }

  /** Ends it first if it runs. @throws RostrumError no-such-recording */
  async remove(id: string): Promise<void> {
    this.get(id);
    await this.#running.get(id)?.finish();
    const past = this.#past.get(id);
    this.#past.delete(id);
    if (past) await rm(past.folder, { recursive: true, force: true });
  }

  /** Where a file of a recording that is over lies. @throws RostrumError no-such-recording | not-found */
  file(id: string, name: string): { path: string; file: RecordedFile } {
    this.get(id);
    const past = this.#past.get(id);
    // Only names that we gave are looked for, so that no path of a request reaches the file system.
    const file = past?.view.files.find((one) => one.name === name);
    if (!past || !file)
      throw new RostrumError('not-found', 'the recording has no such file; its own are listed in files');
    return { path: join(past.folder, file.name), file };
  }

  /** Resolves when the room's recordings are finished. */
  async finishRoom(room: string): Promise<void> {
    await Promise.all(this.runningIn(room).map((one) => one.finish()));
  }

  /** Finishes all that run. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#watch);
    clearInterval(this.#clean);
    await Promise.all([this.#adopting, ...[...this.#running.values()].map((one) => one.finish())]);
  }

  async #ffmpeg(): Promise<Ffmpeg> {
    try {
      return await this.#parts.ffmpeg();
    } catch (error) {
      throw new RostrumError('cannot-record', (error as Error).message);
    }
  }

  async #requireSpace(): Promise<void> {
    const { folder, lowWaterBytes, log } = this.#parts;
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      log.error({ folder, error: String(error) }, 'no recording can be written');
      throw new RostrumError(
        'cannot-record',
        'the folder for recordings (in ROSTRUM_DATA) cannot be written to; see whose it is',
      );
    }
    const free = await freeBytes(folder);
    if (free !== null && free < lowWaterBytes) {
      throw new RostrumError(
        'disk-full',
        `${megabytes(free)} are left, ${megabytes(lowWaterBytes)} are kept`,
      );
    }
  }

  #keepIfOver(recording: Recording, view: RecordingView): void {
    if (view.state !== 'finished' && view.state !== 'failed') return;
    this.#running.delete(recording.id);
    this.#past.set(view.id, { view, folder: join(this.#parts.folder, view.id), endedAtMs: Date.now() });
    if (this.#running.size > 0) return;
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  /** While recordings run: how large they are, and whether there is room for more. */
  async #look(): Promise<void> {
    const free = await freeBytes(this.#parts.folder);
    for (const recording of this.#running.values()) {
      await recording.measure();
      if (recording.over || free === null || free >= this.#parts.lowWaterBytes) continue;
      void recording.finish(`the disk is full: ${megabytes(free)} are left`);
    }
  }

  async #dropOld(): Promise<void> {
    const { retentionDays, log } = this.#parts;
    if (retentionDays === 0) return;
    const oldestMs = Date.now() - retentionDays * DAY_MS;
    for (const { view, endedAtMs } of [...this.#past.values()]) {
      if (endedAtMs >= oldestMs) continue;
      log.info({ recording: view.id }, 'a recording has been kept long enough and is removed');
      await this.remove(view.id).catch((error) =>
        log.warn({ error: String(error) }, 'it could not be removed'),
      );
    }
  }
}

const megabytes = (bytes: number): string => `${Math.floor(bytes / 1e6)} MB`;

/** Sorts by time, says which room it was, and cannot be guessed. */
function newId(room: string): string {
  const time = new Date().toISOString().replace(/[-:]|\..*/g, '');
  return `${room}-${time}-${randomBytes(6).toString('hex')}`;
}
