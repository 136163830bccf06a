import type { LagHistogram, RtcSettings, ThreadLoad } from '../contract.ts';
import { LagWindow } from './lagWindow.ts';
import type { FromShard } from './protocol.ts';
import type { Source } from './source.ts';
import { DeliveryThread, type ThreadEvents } from './thread.ts';

/** As `worker.ts` reports. */
const LOAD_EVERY_MS = 1_000;
/** What `ThreadLoad.lagP99Ms` is of. */
const WINDOW_LOADS = 15;

/**
 * One thread with the viewers that are there: it is told of those sources only that one of them may be
 * shown, and given their media only.
 */
export class Shard {
  readonly name: string;
  readonly thread: DeliveryThread;
  readonly subscribers = new Set<string>();
  /** It has started, and takes a viewer at once. */
  ready = false;
  readonly #lagWindow = new LagWindow(WINDOW_LOADS);
  #lag: LagHistogram = { boundsMs: [], counts: [], sumMs: 0 };
  #loadMs = performance.now();
  #dropped = 0;
  readonly #holders = new Map<string, number>();
  /** Sources of which it lacks pictures: they begin anew. */
  readonly #torn = new Set<string>();

  /** @param name tells it from the others there are */
  constructor(name: string, settings: RtcSettings, events: ThreadEvents, program?: string) {
    this.name = name;
    this.thread = new DeliveryThread(settings, events, program);
  }

  heard(message: FromShard): void {
    if (message.type === 'ready') this.ready = true;
    else if (message.type === 'load') {
      this.#lag = message.lag;
      this.#lagWindow.push(message.lag);
      this.#loadMs = performance.now();
    }
  }

  /** How late its loop was in the last second, ms; one that reports nothing is late by that. */
  recentLagMs(nowMs: number): number {
    const silentMs = this.ready ? nowMs - this.#loadMs - LOAD_EVERY_MS : 0;
    return Math.max(this.#lagWindow.lastP99Ms, silentMs > LOAD_EVERY_MS ? silentMs : 0);
  }

  load(): ThreadLoad {
    const { name, subscribers } = this;
    return {
      thread: name,
      subscribers: subscribers.size,
      lagP99Ms: this.#lagWindow.p99Ms,
      lag: this.#lag,
      droppedPictures: this.#dropped,
    };
  }

  holds(source: string): boolean {
    return this.#holders.has(source);
  }

  /** A viewer here may be shown this source from now on. */
  hold(name: string, source: Source | undefined, nowMs: number): void {
    const holders = this.#holders.get(name) ?? 0;
    this.#holders.set(name, holders + 1);
    if (holders === 0 && source !== undefined) this.describe(source, nowMs);
  }

  release(name: string): void {
    const holders = this.#holders.get(name) ?? 0;
    if (holders > 1) {
      this.#holders.set(name, holders - 1);
      return;
    }
    if (!this.#holders.delete(name)) return;
    this.#torn.delete(name);
    this.thread.post({ type: 'remove-source', source: name });
  }

  /** Tells of a source, and gives what it has shown last. */
  describe(source: Source, nowMs: number): void {
    this.thread.post({ type: 'add-source', ...source.description });
    for (const picture of source.young(nowMs)) this.#post(source.description.source, picture, nowMs);
  }

  media(source: string, picture: Uint8Array, nowMs: number): void {
    if (this.holds(source)) this.#post(source, picture, nowMs);
  }

  #post(source: string, picture: Uint8Array, nowMs: number): void {
    if (this.#torn.size > 0 && !this.#mend(nowMs)) {
      this.#tear(source);
      return;
    }
    if (!this.thread.picture(source, picture, nowMs)) this.#tear(source);
  }

  #tear(source: string): void {
    this.#torn.add(source);
    this.#dropped++;
  }

  /** It has caught up: what it missed must not look like loss, so the numbers go on at the next key frame. */
  #mend(nowMs: number): boolean {
    if (this.thread.isBehind(nowMs)) return false;
    for (const source of this.#torn) this.thread.post({ type: 'restart-source', source });
    this.#torn.clear();
    return true;
  }
}
