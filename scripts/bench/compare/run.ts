import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadClips } from '../clips/loadClips.ts';
import { DecodeProcess, PublisherProcess } from '../load/generator.ts';
import { TreeProfiler } from '../profile/profiler.ts';
import { ServerProcess } from '../server/serverProcess.ts';
import { Audience } from './audience.ts';
import { type Series, seriesOf } from './grid.ts';
import { GeneratorLimit } from './limit.ts';
import type { CompareOptions } from './options.ts';
import { type Bench, measurePoint } from './point.ts';
import type { Progress } from './progress.ts';
import type { BenchPoint, SkippedPoint } from './result.ts';
import { sleep } from './sleep.ts';
import { openStage } from './stage.ts';
import { isComplete } from './verdict.ts';

/** How long after a broken connection the end of its process is known at the latest. */
const CRASH_MS = 1_000;

/** What a run of the grid yields, whole or cut short. */
export interface GridOutcome {
  points: BenchPoint[];
  skipped: SkippedPoint[];
  /** See `BenchResult`. */
  ended: string | null;
}

export interface GridParts {
  /** Path of the built server. */
  main: string;
  clips: LoadClips;
  progress: Progress;
  /** Aborted, with a sentence as its reason, when the run is to end early. */
  signal: AbortSignal;
}

/** Measures every point of the grid against one server. Always resolves once the server has started. */
export async function runGrid(options: CompareOptions, parts: GridParts): Promise<GridOutcome> {
  const run = new GridRun(options, parts);
  try {
    await run.open();
    await run.measure();
  } finally {
    await run.close();
  }
  return run.outcome;
}

class GridRun {
  readonly outcome: GridOutcome = { points: [], skipped: [], ended: null };
  readonly #options: CompareOptions;
  readonly #parts: GridParts;
  readonly #limit = new GeneratorLimit();
  readonly #stop = new AbortController();
  readonly #open: { close(): Promise<void> }[] = [];
  #bench: Bench | undefined;
  #decoder: DecodeProcess | undefined;
  #folder = '';

  constructor(options: CompareOptions, parts: GridParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** @throws Error with what the server said when it does not start */
  async open(): Promise<void> {
    const { main, signal } = this.#parts;
    const profiler = this.#keep(await TreeProfiler.listen());
    const publishers = this.#keep(new PublisherProcess());
    const audience = this.#keep(new Audience());
    this.#decoder = this.#keep(new DecodeProcess());
    const { port } = this.#options;
    const server = this.#keep(await ServerProcess.start({ main, port, settings: profiler.environment }));
    this.#folder = await mkdtemp(join(tmpdir(), 'rostrum-kept-'));
    void server.crashed.then((how) => this.#stop.abort(new Error(how)));
    signal.addEventListener('abort', () => this.#stop.abort(signal.reason), { once: true });
    if (signal.aborted) this.#stop.abort(signal.reason);
    this.#bench = {
      ...{ server, publishers, audience, profiler, signal: this.#stop.signal },
      beganMs: performance.now(),
      seconds: this.#options.seconds,
    };
  }

  async measure(): Promise<void> {
    const all = seriesOf(this.#options);
    const count = all.length * this.#options.viewers.length;
    let done = 0;
    for (const series of all) {
      if (this.#isOver()) return;
      await this.#series(series, (viewers) => {
        this.#parts.progress.step(done, count, nameOf(series, viewers));
        done++;
      });
    }
    this.#isOver();
  }

  async close(): Promise<void> {
    for (const part of this.#open.reverse()) await part.close();
    if (this.#folder !== '') await rm(this.#folder, { recursive: true, force: true });
  }

  #keep<T extends { close(): Promise<void> }>(part: T): T {
    this.#open.push(part);
    return part;
  }

  #isOver(): boolean {
    if (!this.#stop.signal.aborted) return false;
    this.outcome.ended = (this.#stop.signal.reason as Error).message;
    return true;
  }

  /** A room with its speakers, for all its numbers of viewers. */
  async #series(series: Series, began: (viewers: number) => void): Promise<void> {
    const bench = this.#bench!;
    const { mode, speakers } = series;
    const points: BenchPoint[] = [];
    let room: string | undefined;
    let kept = 0;
    try {
      const order = { mode, speakers, codec: this.#options.codec };
      const stage = await openStage(bench.server.api, bench.publishers, this.#parts.clips, order);
      room = stage.room;
      for (const viewers of series.viewers) {
        if (this.#isOver()) return;
        began(viewers);
        const why = this.#limit.beyond(mode, speakers, viewers);
        if (why !== null) this.#skip(series, viewers, why);
        else {
          const point = await measurePoint(bench, stage, series, viewers);
          points.push(point);
          this.#take(point);
          // What a viewer receives does not depend on how many others there are.
          if (isComplete(point) && kept === 0) kept = await bench.audience.keep(this.#received);
        }
      }
      const cost = kept === 0 ? null : await this.#decoder!.call('decode', this.#received);
      for (const point of points) point.clientDecodeCpu = cost?.cores ?? null;
    } catch (error) {
      // A server that has died is first noticed by those who talk to it.
      await Promise.race([bench.server.crashed, sleep(CRASH_MS)]);
      if (!this.#isOver()) this.#fail(series, points, error as Error);
    } finally {
      await this.#clear(room);
    }
  }

  #take(point: BenchPoint): void {
    this.outcome.points.push(point);
    this.#limit.note(point);
    if (!point.valid) {
      const { why } = point;
      this.#parts.progress.say(`${nameOf(point, point.viewers)} is not valid: ${why.join('; ')}`);
    }
  }

  #skip({ mode, speakers }: Series, viewers: number, why: string): void {
    const isKnown = this.outcome.skipped.some(
      (each) => each.mode === mode && each.speakers === speakers && each.viewers === viewers,
    );
    if (!isKnown) this.outcome.skipped.push({ mode, speakers, viewers, why });
  }

  /** What broke in one series is told, and the others go on. */
  #fail(series: Series, points: BenchPoint[], error: Error): void {
    this.#parts.progress.say(`${nameOf(series, '?')} broke: ${error.message}`);
    for (const viewers of series.viewers) {
      if (!points.some((point) => point.viewers === viewers)) this.#skip(series, viewers, error.message);
    }
  }

  /** Where the looking viewer's streams are kept. */
  get #received(): string {
    return join(this.#folder, 'received');
  }

  async #clear(room: string | undefined): Promise<void> {
    const { server, publishers, audience } = this.#bench!;
    await audience.leave().catch(() => {});
    await publishers.call('stop', undefined).catch(() => {});
    if (room !== undefined) await server.api.deleteRoom(room).catch(() => {});
  }
}

const nameOf = (
  { mode, speakers, repetition }: Pick<Series, 'mode' | 'speakers' | 'repetition'>,
  viewers: number | string,
) => `${mode} ${speakers} × ${viewers} (${repetition})`;
