import { sleep } from '../compare/sleep.ts';
import type { Stage } from '../compare/stage.ts';
import { ViewerProcess } from '../load/generator.ts';
import type { ViewerFigures } from '../load/viewers.ts';
import type { ServerApi } from '../server/api.ts';

/** What one thread can receive with a margin. */
const VIEWERS_PER_PROCESS = 100;
const JOIN_EVERY_MS = 25;
const codecs = ['vp8' as const, 'h264' as const];

/**
 * Viewers of one room, more and more of them. The first one decrypts, puts together and decodes what it
 * receives, in a process of its own; the others read headers and count.
 */
export class Crowd {
  readonly #looking = new ViewerProcess();
  readonly #counting: ViewerProcess[] = [];
  readonly #tokens: string[] = [];
  #viewers = 0;

  get viewers(): number {
    return this.#viewers;
  }

  get #all(): ViewerProcess[] {
    return [this.#looking, ...this.#counting];
  }

  /** Join tokens for those who are missing until there are so many. */
  async invite(api: ServerApi, stage: Stage, viewers: number): Promise<void> {
    for (let viewer = this.#viewers + this.#tokens.length; viewer < viewers; viewer++) {
      this.#tokens.push(await api.token(stage.room, 'viewer', `Viewer ${viewer + 1}`));
    }
  }

  /**
   * Lets all in who are invited. Resolves when each has its first picture.
   * @returns how long each took from its offer on, ms
   */
  async grow(api: ServerApi, stage: Stage): Promise<number[]> {
    const joins: Promise<number>[] = [];
    for (const token of this.#tokens.splice(0)) {
      const order = { endpoint: api.whep(stage.room), token, pairs: stage.pairs, codecs };
      const { places, speakers } = stage;
      if (this.#viewers === 0) {
        const look = { places, speakers, streams: 1 };
        joins.push(this.#looking.call('watch', { ...order, look }));
      } else joins.push(this.#processOf(this.#viewers).call('watch', order));
      this.#viewers++;
      await sleep(JOIN_EVERY_MS);
    }
    return Promise.all(joins);
  }

  async begin(): Promise<void> {
    await Promise.all(this.#all.map((each) => each.call('begin', undefined)));
  }

  /** Since `begin`, of each process. */
  end(): Promise<ViewerFigures[]> {
    return Promise.all(this.#all.map((each) => each.call('end', undefined)));
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((each) => each.close()));
  }

  #processOf(viewer: number): ViewerProcess {
    const index = Math.floor(viewer / VIEWERS_PER_PROCESS);
    while (this.#counting.length <= index) this.#counting.push(new ViewerProcess());
    return this.#counting[index]!;
  }
}
