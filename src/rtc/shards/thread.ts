import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { RtcSettings } from '../contract.ts';
import { Backlog } from './backlog.ts';
import type { FromShard, ShardData, ToShard } from './protocol.ts';

/** Three times a semi-space: what lives short then stays in the processor's cache, which saves a fifth. */
const YOUNG_GENERATION_MB = 3;
/** A picture that would be later than this is not posted. */
const MAX_BEHIND_MS = 200;
/** Time to say goodbye to everybody. */
const END_MS = 2_000;

export interface ThreadEvents {
  message(message: FromShard): void;
  /** It ended by itself. Told once, and not after `close`. */
  ended(reason: string): void;
}

/** A delivery thread as the main thread sees it: starting it, posting to it, seeing it end, ending it. */
export class DeliveryThread {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #backlog: Backlog;
  #reason = '';
  #closed = false;
  #ended = false;

  constructor(settings: RtcSettings, events: ThreadEvents, program: string = workerProgram()) {
    const progress = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const workerData: ShardData = { settings, progress };
    this.#backlog = new Backlog(new Int32Array(progress), MAX_BEHIND_MS);
    this.#worker = new Worker(program, {
      workerData,
      name: 'delivery',
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.#worker.on('message', (message: FromShard) => {
      if (!this.#closed) events.message(message);
    });
    this.#worker.on('error', (error) => {
      this.#reason = String((error as Error)?.message ?? error);
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#ended = true;
        resolve();
        if (!this.#closed) events.ended(this.#reason || `it ended with code ${code}`);
      });
    });
  }

  post(message: ToShard): void {
    if (!this.#ended) this.#worker.postMessage(message);
  }

  /** It is not given any picture before it has taken all that wait. */
  isBehind(nowMs: number): boolean {
    return this.#backlog.isFull(nowMs);
  }

  /** Posts a copy of a picture; false when the thread is too far behind to be given any. */
  picture(source: string, picture: Uint8Array, nowMs: number): boolean {
    if (this.#backlog.isFull(nowMs)) return false;
    // A view would be cloned with all of the memory it lies in.
    const copy = new Uint8Array(picture);
    this.#backlog.posted(nowMs);
    if (!this.#ended) this.#worker.postMessage({ type: 'media', source, picture: copy }, [copy.buffer]);
    return true;
  }

  /** Resolves when the thread is gone. */
  async close(): Promise<void> {
    if (!this.#closed) this.post({ type: 'end' });
    this.#closed = true;
    const overdue = setTimeout(() => void this.#worker.terminate(), END_MS);
    await this.#exited;
    clearTimeout(overdue);
  }
}

/** The built program of a thread, whether this file is run from `src/` or `dist/`. */
export function workerProgram(from: string = fileURLToPath(import.meta.url)): string {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, 'dist/src/rtc/shards/worker.js');
    if (folder === dirname(folder)) throw new Error(`no package.json above ${from}`);
  }
}
