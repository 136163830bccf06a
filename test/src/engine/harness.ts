import { fileURLToPath } from 'node:url';
import type { FromMixer, MixerStats, Scene, ToMixer } from '../../../mixer/protocol/control.ts';
import { Engine, type EngineEvents, type Playing } from '../../../src/engine/engine.ts';
import { silentLog } from '../../../src/engine/log.ts';
import { MixerPool } from '../../../src/engine/mixerPool.ts';
import { defaultEngineSettings, type EngineSettings } from '../../../src/engine/settings.ts';
import { Supervisor } from '../../../src/engine/supervisor.ts';

export const child = (name: 'echo' | 'dead' | 'mute' | 'hanging' | 'prober'): string =>
  fileURLToPath(new URL(`./children/${name}.mjs`, import.meta.url));

export const settings = (changes: Partial<EngineSettings> = {}): EngineSettings => ({
  ...defaultEngineSettings,
  program: child('echo'),
  spare: false,
  ...changes,
});

export const scene = (title: string): Scene => ({ tiles: [], slate: { title, text: '' } });

/** True while a process with this id exists. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

type Heard =
  | Extract<FromMixer, { type: 'placed' | 'levels' | 'playing' | 'asset' }>['type']
  | 'stats'
  | 'restarted';

/** An engine with real processes, and the events it told so far, each of which can be waited for. */
export class Bench {
  readonly pool: MixerPool;
  readonly engine: Engine;
  readonly heard: Heard[] = [];
  readonly playing: Playing[] = [];
  readonly refusedAssets: string[] = [];
  readonly #waiting = new Map<Heard, (() => void)[]>();

  constructor(changes: Partial<EngineSettings> = {}) {
    const all = settings(changes);
    this.pool = new MixerPool(all, silentLog);
    const supervisor = new Supervisor({
      room: 'lab',
      pool: this.pool,
      lingerMs: all.lingerMs,
      log: silentLog,
    });
    const events: EngineEvents = {
      placed: () => this.#tell('placed'),
      levels: () => this.#tell('levels'),
      playing: (playing) => {
        this.playing.push(playing);
        this.#tell('playing');
      },
      assetRefused: (asset, detail) => {
        this.refusedAssets.push(`${asset}: ${detail}`);
        this.#tell('asset');
      },
      stats: (_: MixerStats) => this.#tell('stats'),
      restarted: () => this.#tell('restarted'),
    };
    const canvas = { width: 640, height: 360, fps: 30 };
    this.engine = new Engine({ canvas, maxPixels: 1e6 }, supervisor, events);
  }

  /** Resolves when `event` is told the next time. */
  next(event: Heard): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(event, [...(this.#waiting.get(event) ?? []), resolve]);
    });
  }

  /** Everything the running mixer was told, by its own account. */
  told(): Promise<ToMixer[]> {
    return new Promise((resolve) => {
      const encoder = this.engine.startEncoder(
        { media: 'audio', codec: 'opus', kbps: 1 },
        {
          media() {},
          chunk: (chunk) => {
            this.engine.stopEncoder(encoder);
            resolve(JSON.parse(chunk.bytes.toString()) as ToMixer[]);
          },
        },
      );
      this.engine.tap(encoder, true);
    });
  }

  async close(): Promise<void> {
    await this.engine.close();
    await this.pool.close();
  }

  #tell(event: Heard): void {
    this.heard.push(event);
    const waiting = this.#waiting.get(event) ?? [];
    this.#waiting.delete(event);
    for (const resolve of waiting) resolve();
  }
}
