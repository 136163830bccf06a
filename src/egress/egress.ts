import { describeFfmpeg, type Ffmpeg } from './ffmpeg/ffmpeg.ts';
import { findFfmpeg } from './ffmpeg/find.ts';
import type { Log } from './log.ts';
import type { OutputSettings } from './outputs/roomOutputs.ts';
import { type RecordingSettings, RecordingStore } from './recording/store.ts';

export interface EgressSettings {
  /** Path of the only ffmpeg to be taken; null looks for one. */
  ffmpeg: string | null;
  recordings: RecordingSettings;
  outputs: OutputSettings;
}

export interface EgressParts extends EgressSettings {
  /** Microseconds of the clock that chunks are stamped with. */
  nowUs(): number;
  log: Log;
}

/** What leaves a server as files and streams, and the ffmpeg that all of it is written with. */
export class Egress {
  readonly recordings: RecordingStore;
  readonly #parts: EgressParts;
  #ffmpeg: Promise<Ffmpeg> | undefined;

  constructor(parts: EgressParts) {
    this.#parts = parts;
    const { recordings, nowUs, log } = parts;
    this.recordings = new RecordingStore({ ...recordings, nowUs, log, ffmpeg: () => this.ffmpeg() });
  }

  get outputs(): OutputSettings {
    return this.#parts.outputs;
  }

  /** The one that was chosen; looked for once, unless none was found. @throws FfmpegProblem */
  ffmpeg(): Promise<Ffmpeg> {
    this.#ffmpeg ??= findFfmpeg(this.#parts.ffmpeg ?? undefined).catch((error) => {
      this.#ffmpeg = undefined;
      throw error;
    });
    return this.#ffmpeg;
  }

  /**
   * Says which ffmpeg is used, and takes over what is on the disk.
   * @throws FfmpegProblem when the configured ffmpeg cannot be used
   */
  async open(): Promise<void> {
    const { log, ffmpeg: configured } = this.#parts;
    try {
      log.info({}, describeFfmpeg(await this.ffmpeg()));
    } catch (error) {
      if (configured !== null) throw error;
      log.error({ error: (error as Error).message }, 'there will be no recordings and no outputs');
    }
    void this.recordings.open();
  }

  /** Finishes everything. */
  async close(): Promise<void> {
    await this.recordings.close();
  }
}
