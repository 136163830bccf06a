import { ViewerProcess } from '../load/generator.ts';
import type { ViewerFigures } from '../load/viewers.ts';
import type { ServerApi } from '../server/api.ts';
import { sleep } from './sleep.ts';
import type { Stage } from './stage.ts';

/** One joins after the other at this pace: people do, and their handshakes do not queue in the generator. */
const JOIN_EVERY_MS = 25;
/** Streams that the looking viewer decodes; the others it only counts and keeps. */
const DECODED_STREAMS = 2;

/** What all viewers had together, and what it took. */
export interface AudienceFigures {
  seconds: number;
  packets: number;
  bytes: number;
  lost: number;
  pictures: number;
  freezes: number;
  videoStreams: number;
  agesMs: number[];
  /** Cores and lag of the process of those that only count. */
  cpu: number;
  lagMs: number;
}

/** The viewers of a room. The first of them looks at what it receives, in a process of its own; the others count. */
export class Audience {
  readonly #looking = new ViewerProcess();
  readonly #counting = new ViewerProcess();

  get pids(): number[] {
    return [this.#looking.pid, this.#counting.pid].filter((pid) => pid !== undefined);
  }

  /**
   * Resolves when everybody has every stream.
   * @returns how long each of them took, ms
   */
  async join(api: ServerApi, stage: Stage, viewers: number): Promise<number[]> {
    const order = {
      endpoint: api.whep(stage.room),
      pairs: stage.pairs,
      codecs: ['vp8' as const, 'h264' as const],
    };
    const { places, speakers } = stage;
    const look = { places, speakers, streams: DECODED_STREAMS };
    const joins: Promise<number>[] = [];
    for (let viewer = 0; viewer < viewers; viewer++) {
      const token = await api.token(stage.room, 'viewer', `Viewer ${viewer + 1}`);
      const joining =
        viewer === 0
          ? this.#looking.call('watch', { ...order, token, look })
          : this.#counting.call('watch', { ...order, token });
      // Read below; until then a server that dies must not end the benchmark.
      joining.catch(() => {});
      joins.push(joining);
      await sleep(JOIN_EVERY_MS);
    }
    return Promise.all(joins);
  }

  async begin(): Promise<void> {
    await Promise.all([this.#looking.call('begin', undefined), this.#counting.call('begin', undefined)]);
  }

  async end(): Promise<AudienceFigures> {
    const [looking, counting] = await Promise.all([
      this.#looking.call('end', undefined),
      this.#counting.call('end', undefined),
    ]);
    const sum = (of: (figures: ViewerFigures) => number) => of(looking) + of(counting);
    return {
      seconds: counting.seconds,
      packets: sum((each) => each.packets),
      bytes: sum((each) => each.bytes),
      lost: sum((each) => each.lost),
      pictures: sum((each) => each.pictures),
      freezes: sum((each) => each.freezes),
      videoStreams: sum((each) => each.videoStreams),
      agesMs: looking.agesMs,
      cpu: counting.cpu,
      lagMs: Math.max(looking.lagMs, counting.lagMs),
    };
  }

  /** Writes what the looking viewer has received. */
  keep(file: string): Promise<number> {
    return this.#looking.call('keep', file);
  }

  async leave(): Promise<void> {
    await Promise.all([this.#looking.call('leave', undefined), this.#counting.call('leave', undefined)]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#looking.close(), this.#counting.close()]);
  }
}
