import { join } from 'node:path';
import { Bundle } from '../bundle/bundle.ts';
import { type Chapter, MAX_CHAPTERS } from '../bundle/chapters.ts';
import type { RoomFeed } from '../bundle/feed.ts';
import { finishBundle } from '../bundle/finish.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Log } from '../log.ts';
import type { ChunkTap, ProgramFeed } from './feed.ts';
import { formats, type RecordingFormat } from './format.ts';
import { joinParts, type RecordedPart } from './join.ts';
import { Journal } from './journal.ts';
import { KeyFramePace } from './keyFrames.ts';
import { measureFile, sizeOf } from './measure.ts';
import { Recorder } from './recorder.ts';
import { Timeline } from './timeline.ts';
import type { RecordedFile, RecordingView } from './view.ts';

export interface RecordingSpec {
  id: string;
  room: string;
  format: RecordingFormat;
  folder: string;
  feed: ProgramFeed;
  /** Where the speakers' tracks come from, when they are kept; else null. */
  roomFeed: RoomFeed | null;
  ffmpeg: Ffmpeg;
  keyFrameIntervalUs: number;
  /** The monotonic clock that chunks are stamped with. */
  nowUs(): number;
  log: Log;
  /** State or reason changed. */
  changed(): void;
}

/** How long a cut waits for what is still being encoded. */
const SETTLE_MS = 500;
/** A start is answered when the first picture is in, or then. */
const FIRST_PICTURE_MS = 5_000;
/** Media that may wait for a recorder. */
const STUCK_S = 4;
const LEAST_STUCK_BYTES = 1024 * 1024;

/**
 * One recording that runs, from the program's chunks to its file:
 *
 *     feed ▶ timeline ▶ recorder (ffmpeg) ▶ parts ▶ join ▶ file
 *
 * What is asked of it happens in the order asked; ending it twice is the same as once.
 */
export class Recording {
  readonly id: string;
  readonly room: string;
  readonly format: RecordingFormat;
  readonly startedAt = new Date().toISOString();
  readonly #spec: RecordingSpec;
  readonly #timeline: Timeline;
  readonly #recorder: Recorder;
  readonly #journal: Journal;
  readonly #parts: RecordedPart[] = [];
  readonly #pace: KeyFramePace;
  readonly #bundle: Bundle | null;
  readonly #chapters: Chapter[] = [];
  #state: RecordingView['state'] = 'recording';
  #reason: string | null = null;
  #taps: ChunkTap[] = [];
  #files: RecordedFile[] = [];
  #bytes = 0;
  #last: Promise<unknown> = Promise.resolve();
  #over = false;
  #ending: Promise<void> | undefined;
  #progressed: () => void = () => {};
  #tellCutOff: () => void = () => {};
  readonly #cutOff = new Promise<void>((resolve) => {
    this.#tellCutOff = resolve;
  });

  constructor(spec: RecordingSpec) {
    this.#spec = spec;
    this.id = spec.id;
    this.room = spec.room;
    this.format = spec.format;
    this.#journal = new Journal(spec.folder, spec.log);
    this.#timeline = new Timeline(spec.nowUs());
    this.#pace = new KeyFramePace(spec.keyFrameIntervalUs);
    this.#recorder = this.#createRecorder();
    this.#bundle = this.#createBundle();
  }

  /** Ends that have begun count as over. */
  get over(): boolean {
    return this.#over;
  }

  /** The recorder that runs now. */
  get pid(): number | undefined {
    return this.#recorder.pid;
  }

  view(): RecordingView {
    const { id, room, format, startedAt } = this;
    const durationMs = Math.round(this.#timeline.durationUs(this.#spec.nowUs()) / 1000);
    return {
      ...{ id, room, format, state: this.#state, reason: this.#reason, startedAt, durationMs },
      ...{ bytes: this.#bytes, tracks: this.#bundle !== null, chapters: [...this.#chapters] },
      files: this.#files,
    };
  }

  /** Resolves when the first picture is in, so that what happens from then on is in the file. */
  start(): Promise<void> {
    return this.#enqueue(async () => {
      const { id, room, format, startedAt } = this;
      const { width, height, fps, kbps } = this.#spec.feed;
      const bundle = this.#bundle && { width, height, fps, kbps };
      await this.#journal.append({ event: 'started', id, room, format, startedAt, bundle });
      if (this.#over) return;
      this.#open();
      await this.#until(() => this.#timeline.begun || this.#over, FIRST_PICTURE_MS);
      if (!this.#over) this.#bundle?.open();
    });
  }

  pause(): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#state !== 'recording' || this.#over) return;
      this.#become('paused');
      await this.#cut();
    });
  }

  /** Resolves when the first picture after the pause is in. */
  resume(): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#state !== 'paused' || this.#over) return;
      this.#become('recording');
      this.#timeline.resume(this.#spec.nowUs());
      this.#open();
      await this.#until(() => !this.#timeline.waitsForKeyFrame || this.#over, FIRST_PICTURE_MS);
      if (!this.#over) this.#bundle?.open();
    });
  }

  /** Sets a mark at this moment. Returns false when there are too many, or it is over. */
  mark(title: string): boolean {
    if (this.#over || this.#chapters.length >= MAX_CHAPTERS) return false;
    const chapter = { atMs: this.view().durationMs, title: title || `Chapter ${this.#chapters.length + 1}` };
    this.#chapters.push(chapter);
    void this.#journal.append({ event: 'chapter', ...chapter });
    return true;
  }

  /**
   * Resolves when the file is ready, or it is clear that there will be none.
   * @param failure why it ends although nobody asked; what was saved is finished all the same
   */
  finish(failure: string | null = null): Promise<void> {
    if (this.#ending) return this.#ending;
    this.#over = true;
    this.#ending = this.#end(failure);
    return this.#ending;
  }

  /** Ends it; resolves when it needs the program no more, before the file is ready. */
  cutOff(): Promise<void> {
    void this.finish();
    return this.#cutOff;
  }

  /** Looks at how much is on the disk. */
  async measure(): Promise<void> {
    const sizes = await Promise.all(this.#parts.map(({ name }) => sizeOf(join(this.#spec.folder, name))));
    if (this.#files.length === 0) this.#bytes = sizes.reduce((sum, size) => sum + size, 0);
  }

  #createRecorder(): Recorder {
    const { ffmpeg, id, folder, format, feed, log } = this.#spec;
    const { width, height, fps, kbps } = feed;
    return new Recorder({
      ...{ ffmpeg, id, folder, format, log },
      video: { codec: formats[format].codec, width, height, fps },
      maxWaitingBytes: Math.max(LEAST_STUCK_BYTES, (kbps * 1000 * STUCK_S) / 8),
      part: (part) => {
        this.#parts.push(part);
        void this.#journal.append({ event: 'part', ...part });
      },
      failed: (reason) => void this.finish(reason),
    });
  }

  #createBundle(): Bundle | null {
    const { folder, roomFeed: feed, nowUs, log } = this.#spec;
    if (feed === null) return null;
    return new Bundle({ folder, feed, journal: this.#journal, timeline: this.#timeline, nowUs, log });
  }

  #open(): void {
    const { feed, format } = this.#spec;
    const video = feed.video(formats[format].codec, (chunk) => {
      this.#recorder.write(this.#timeline.pushVideo(chunk));
      if (this.#pace.picture(chunk)) video.keyFrame();
      this.#progressed();
    });
    const audio = feed.audio((chunk) => {
      this.#recorder.write(this.#timeline.pushAudio(chunk));
      this.#progressed();
    });
    this.#taps = [video, audio];
    video.keyFrame();
  }

  async #cut(): Promise<void> {
    this.#timeline.cut(this.#spec.nowUs());
    await this.#until(() => this.#timeline.settled, SETTLE_MS);
    this.#recorder.write(this.#timeline.settle());
    for (const tap of this.#taps) tap.close();
    this.#taps = [];
    await this.#bundle?.cut();
  }

  async #end(failure: string | null): Promise<void> {
    this.#spec.log.info({ recording: this.id, failure }, 'the recording ends');
    // A start or a resumption that still waits for its picture waits no longer.
    this.#progressed();
    this.#spec.changed();
    await this.#enqueue(() => this.#cut());
    this.#tellCutOff();
    const problem = await this.#makeFile().catch((error: Error) => error.message);
    this.#reason = failure ?? problem;
    this.#become(this.#reason === null ? 'finished' : 'failed');
    await this.#note();
  }

  /** @returns what went wrong, or null */
  async #makeFile(): Promise<string | null> {
    await this.#recorder.finish();
    const { ffmpeg, folder, format, id } = this.#spec;
    const { durationMs, chapters } = this.view();
    const joined = await joinParts({ ffmpeg, id, folder, format, parts: this.#parts, chapters, durationMs });
    const files: RecordedFile[] = [];
    for (const name of joined.names) files.push(await measureFile(folder, name, formats[format].type));
    // The program is there: what goes wrong with the rest does not take it away.
    const { log } = this.#spec;
    const bundled = finishBundle({ ffmpeg, id, folder, program: joined.names, durationMs, log });
    files.push(
      ...(await bundled.catch((error) => {
        log.error({ recording: id, error: String(error) }, 'the tracks of a recording are incomplete');
        return [];
      })),
    );
    this.#files = files;
    this.#bytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
    return joined.problem;
  }

  async #note(): Promise<void> {
    const { state, reason, durationMs, files } = this.view();
    if (state !== 'finished' && state !== 'failed') return;
    const endedAt = new Date().toISOString();
    await this.#journal.append({ event: 'over', state, reason, durationMs, endedAt, files });
  }

  #become(state: RecordingView['state']): void {
    this.#state = state;
    this.#spec.changed();
  }

  #enqueue<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Looks whenever a chunk came, or the recording ends; gives up after `ms`. */
  #until(condition: () => boolean, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        this.#progressed = () => {};
        resolve();
      };
      const timer = setTimeout(settle, ms);
      this.#progressed = () => condition() && settle();
      this.#progressed();
    });
  }
}
