import type { Scene } from '../../mixer/protocol/control.ts';
import type { ChunkTap, ProgramFeed } from '../../src/egress/recording/feed.ts';
import type { ProgramChunk } from '../../src/egress/recording/timeline.ts';
import { type EncoderSpec, Engine } from '../../src/engine/engine.ts';
import { silentLog } from '../../src/engine/log.ts';
import { MixerPool } from '../../src/engine/mixerPool.ts';
import { defaultEngineSettings } from '../../src/engine/settings.ts';
import { Supervisor } from '../../src/engine/supervisor.ts';
import type { BundleToCompose } from './bundleFolder.ts';

const AUDIO_KBPS = 96;
const MAX_PIXELS = 3840 * 2160;

/** A room's mixer without a room: fed with tracks, recorded like any program. */
export class ComposeMixer implements ProgramFeed {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly kbps: number;
  readonly engine: Engine;
  readonly #pool = new MixerPool({ ...defaultEngineSettings, spare: false }, silentLog);

  /** @param died the process had to be replaced, and what it knew is lost */
  constructor({ video }: BundleToCompose, scene: Scene, died: () => void) {
    const { width, height, fps, kbps } = video;
    this.width = width;
    this.height = height;
    this.fps = fps;
    this.kbps = kbps;
    const supervisor = new Supervisor({ room: 'compose', pool: this.#pool, lingerMs: 1000, log: silentLog });
    const events = { placed() {}, levels() {}, stats() {}, restarted: died };
    this.engine = new Engine({ canvas: { width, height, fps }, maxPixels: MAX_PIXELS }, supervisor, events);
    this.engine.scene(scene);
    this.engine.demand(true);
  }

  video(codec: 'vp8' | 'h264', each: (chunk: ProgramChunk) => void): ChunkTap {
    const { width, height, fps, kbps } = this;
    return this.#tap({ media: 'video', codec, width, height, fps, kbps }, each);
  }

  audio(each: (chunk: ProgramChunk) => void): ChunkTap {
    return this.#tap({ media: 'audio', codec: 'opus', kbps: AUDIO_KBPS }, each);
  }

  async close(): Promise<void> {
    await this.engine.close();
    await this.#pool.close();
  }

  #tap(spec: EncoderSpec, each: (chunk: ProgramChunk) => void): ChunkTap {
    const encoder = this.engine.startEncoder(spec, { media() {}, chunk: each });
    this.engine.tap(encoder, true);
    return {
      keyFrame: () => this.engine.keyFrame(encoder),
      close: () => this.engine.stopEncoder(encoder),
    };
  }
}
