import type { RoomFeed } from '../egress/bundle/feed.ts';
import type { ProgramFeed } from '../egress/recording/feed.ts';
import type { Recording } from '../egress/recording/recording.ts';
import type { RecordingStore } from '../egress/recording/store.ts';
import { RostrumError } from '../errors.ts';
import type { RecordingView, RunningRecording, VideoSettings } from './contract.ts';
import type { Program } from './program.ts';
import type { Renditions } from './renditions.ts';

export interface RecordingsParts {
  room: string;
  /** Null where nothing is written to disk. */
  store: RecordingStore | null;
  program: Program;
  renditions: Renditions;
  video: VideoSettings;
  /** For those that keep the speakers' own tracks. */
  roomFeed: RoomFeed;
  /** Recordings began, changed or ended: the mixer may be needed, or not any more. */
  changed(): void;
  /** One ended although nobody asked. */
  failed(recording: RecordingView): void;
}

/** What is recorded of one room. */
export class Recordings {
  readonly #parts: RecordingsParts;

  constructor(parts: RecordingsParts) {
    this.#parts = parts;
  }

  /** Those that run or pause. */
  running(): RunningRecording[] {
    return this.#open().map((recording) => {
      const { id, format, state, startedAt, durationMs, tracks } = recording.view();
      return {
        id,
        format,
        state: state === 'paused' ? 'paused' : 'recording',
        startedAt,
        durationMs,
        tracks,
      };
    });
  }

  /**
   * Resolves when the first picture is in.
   * @throws RostrumError invalid-request | recording-exists | cannot-record | disk-full | shutting-down
   */
  async begin(format: string, tracks: boolean): Promise<RecordingView> {
    const { room, store, roomFeed } = this.#parts;
    if (!store) throw new RostrumError('cannot-record', 'the server was started without a data folder');
    const recording = await store.begin({
      ...{ room, format, feed: this.#feed() },
      roomFeed: tracks ? roomFeed : undefined,
      changed: (view) => {
        this.#parts.changed();
        if (view.state === 'failed') this.#parts.failed(view);
      },
    });
    return recording.view();
  }

  /** Ends all. Resolves when nothing is wanted of the program any more; the files may take longer. */
  async cut(): Promise<void> {
    const { store, room } = this.#parts;
    const running = store?.runningIn(room) ?? [];
    await Promise.all(running.map((recording) => recording.cutOff()));
  }

  /** Resolves when all files are ready. */
  async finish(): Promise<void> {
    await this.#parts.store?.finishRoom(this.#parts.room);
  }

  #open(): Recording[] {
    const { store, room } = this.#parts;
    return (store?.runningIn(room) ?? []).filter((recording) => !recording.over);
  }

  #feed(): ProgramFeed {
    const { program, renditions, video, changed } = this.#parts;
    const { width, height, fps, kbps } = video;
    const tap = (...[rendition, each]: Parameters<Program['tap']>) => {
      const opened = program.tap(rendition, each);
      changed();
      return {
        keyFrame: opened.keyFrame,
        close: () => {
          opened.close();
          changed();
        },
      };
    };
    return {
      ...{ width, height, fps, kbps },
      video: (codec, each) => tap(renditions.picture(codec), each),
      audio: (each) => tap(renditions.sound(), each),
    };
  }
}
