import type { ChunkTap, ProgramFeed } from '../../../../src/egress/recording/feed.ts';
import type { ProgramChunk } from '../../../../src/egress/recording/timeline.ts';
import type { EncoderSpec } from '../../../../src/engine/engine.ts';
import { Engine } from '../../../../src/engine/engine.ts';
import { silentLog } from '../../../../src/engine/log.ts';
import { MixerPool } from '../../../../src/engine/mixerPool.ts';
import { defaultEngineSettings } from '../../../../src/engine/settings.ts';
import { Supervisor } from '../../../../src/engine/supervisor.ts';

/**
 * The program of a real mixer: its slate, whose title can be changed, and silence. Remembers when its
 * chunks were made, since a mixer that did not get its processor in time leaves gaps of its own.
 */
export class MixerFeed implements ProgramFeed {
  readonly width = 640;
  readonly height = 360;
  readonly fps = 30;
  readonly kbps = 800;
  readonly #pool = new MixerPool({ ...defaultEngineSettings, spare: false }, silentLog);
  readonly engine: Engine;
  #made: { media: 'video' | 'audio'; timeUs: number }[] = [];

  constructor() {
    const supervisor = new Supervisor({ room: 'lab', pool: this.#pool, lingerMs: 1000, log: silentLog });
    const canvas = { width: this.width, height: this.height, fps: this.fps };
    const heard = { placed() {}, levels() {}, stats() {}, restarted() {} };
    this.engine = new Engine({ canvas, maxPixels: 1e6 }, supervisor, heard);
    this.engine.scene({ tiles: [], slate: { title: 'Lab', text: 'A slate' } });
    this.engine.demand(true);
  }

  video(codec: 'vp8' | 'h264', each: (chunk: ProgramChunk) => void): ChunkTap {
    const { width, height, fps, kbps } = this;
    return this.#tap({ media: 'video', codec, width, height, fps, kbps }, each);
  }

  audio(each: (chunk: ProgramChunk) => void): ChunkTap {
    return this.#tap({ media: 'audio', codec: 'opus', kbps: 64 }, each);
  }

  /** Forgets the chunks that were made so far. */
  forget(): void {
    this.#made = [];
  }

  /** The longest time between two pictures, or two pieces of sound, that were made; seconds. */
  longestGapS(media: 'video' | 'audio'): number {
    const times = this.#made.filter((chunk) => chunk.media === media).map(({ timeUs }) => timeUs);
    return Math.max(0, ...times.slice(1).map((timeUs, index) => timeUs - times[index]!)) / 1e6;
  }

  async close(): Promise<void> {
    await this.engine.close();
    await this.#pool.close();
  }

  #tap(spec: EncoderSpec, each: (chunk: ProgramChunk) => void): ChunkTap {
    const { media } = spec;
    const chunk = (made: ProgramChunk) => {
      this.#made.push({ media, timeUs: made.ptsUs });
      each(made);
    };
    const encoder = this.engine.startEncoder(spec, { media() {}, chunk });
    this.engine.tap(encoder, true);
    return {
      keyFrame: () => this.engine.keyFrame(encoder),
      close: () => this.engine.stopEncoder(encoder),
    };
  }
}

/** The clock that the mixer stamps chunks with. */
export const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
