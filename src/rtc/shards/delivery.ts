/**
 * A delivery whose viewers are spread over worker threads, each with a whole delivery of its own. Nothing
 * of a viewer is in the main thread but where it is and what it may be shown.
 *
 * - A picture is posted once to each thread in which somebody may be shown it.
 * - A thread that dies takes its viewers' connections with it, nobody else's: they are told, another starts.
 */

import type {
  CreateDelivery,
  Delivery,
  DeliveryLog,
  FromDelivery,
  RtcSettings,
  ThreadLoad,
  ToDelivery,
} from '../contract.ts';
import { createDelivery } from '../delivery.ts';
import { MergedAdvice } from './advice.ts';
import { Crew } from './crew.ts';
import type { FromShard } from './protocol.ts';
import { References } from './references.ts';
import type { Shard } from './shard.ts';
import { Source } from './source.ts';
import { StatsRound } from './statsRound.ts';

type Message<Type extends ToDelivery['type']> = Extract<ToDelivery, { type: Type }>;

interface Placed {
  shard: Shard;
  references: References;
  /** What the shard was told to hold for it. */
  held: Set<string>;
  /** What it is sent or waits for. */
  uses: readonly string[];
  /** Its offer was answered. */
  created: boolean;
}

/** @param program of a thread, the built one when it is left out */
export function createShardedDelivery(log: DeliveryLog, program?: string): CreateDelivery {
  return (settings, receive) =>
    settings.workers === undefined || settings.workers === 0
      ? createDelivery(settings, receive)
      : new ShardedDelivery({ ...settings, workers: settings.workers }, receive, log, program);
}

class ShardedDelivery implements Delivery {
  readonly #receive: (message: FromDelivery) => void;
  readonly #crew: Crew;
  readonly #sources = new Map<string, Source>();
  readonly #subscribers = new Map<string, Placed>();
  readonly #stats: StatsRound;
  readonly #advice = new MergedAdvice<Shard>();
  /** Requests to patch, and the thread that has not answered them yet. */
  readonly #patches = new Map<number, Shard>();
  #closed = false;

  constructor(
    settings: RtcSettings & { workers: number },
    receive: (message: FromDelivery) => void,
    log: DeliveryLog,
    program: string | undefined,
  ) {
    this.#receive = (message) => {
      if (!this.#closed) receive(message);
    };
    this.#stats = new StatsRound((request, subscribers) =>
      this.#receive({ type: 'stats', request, subscribers }),
    );
    this.#crew = new Crew(
      settings,
      {
        message: (shard, message) => this.#hear(shard, message),
        ended: (shard, reason) => this.#ended(shard, reason),
      },
      log,
      program,
    );
  }

  post(message: ToDelivery): void {
    if (this.#closed) return;
    switch (message.type) {
      case 'media':
        this.#media(message);
        return;
      case 'add-source':
        this.#addSource(message);
        return;
      case 'rate-kept':
        this.#toHolders(message.source, message);
        return;
      case 'restart-source':
        this.#sources.get(message.source)?.restart();
        this.#toHolders(message.source, message);
        return;
      case 'remove-source':
        this.#sources.get(message.source)?.close();
        this.#sources.delete(message.source);
        this.#advice.forget(message.source);
        this.#toHolders(message.source, message);
        return;
      case 'create':
        this.#create(message);
        return;
      case 'select':
        this.#select(message);
        return;
      case 'patch':
        this.#patch(message);
        return;
      case 'close':
        this.#forward(message);
        this.#forget(message.subscriber);
        return;
      case 'stats':
        this.#stats.begin(message.request, this.#crew.shards);
        return;
      default:
        this.#forward(message);
    }
  }

  threads(): ThreadLoad[] {
    return this.#crew.loads();
  }

  lagMs(): number {
    return this.#crew.lagMs(performance.now());
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const source of this.#sources.values()) source.close();
    this.#sources.clear();
    this.#subscribers.clear();
    this.#patches.clear();
    this.#stats.close();
    await this.#crew.close();
  }

  #media({ source, picture }: Message<'media'>): void {
    const nowMs = performance.now();
    this.#sources.get(source)?.push(picture, nowMs);
    for (const shard of this.#crew.shards) shard.media(source, picture, nowMs);
  }

  #addSource({ type: _, ...description }: Message<'add-source'>): void {
    const { source: name } = description;
    this.#sources.get(name)?.close();
    const source = new Source(description, () => this.#receive({ type: 'key-frame-wanted', source: name }));
    this.#sources.set(name, source);
    for (const shard of this.#crew.shards) if (shard.holds(name)) shard.describe(source, performance.now());
  }

  #create(message: Message<'create'>): void {
    const { subscriber } = message;
    this.#forward({ type: 'close', subscriber });
    this.#forget(subscriber);
    const shard = this.#crew.place();
    if (shard === undefined) {
      this.#refuse(subscriber, 'no delivery thread runs; another is being started');
      return;
    }
    const placed: Placed = {
      shard,
      references: new References(message),
      held: new Set<string>(),
      uses: [],
      created: false,
    };
    this.#subscribers.set(subscriber, placed);
    shard.subscribers.add(subscriber);
    this.#hold(placed);
    shard.thread.post(message);
  }

  #select(message: Message<'select'>): void {
    const placed = this.#subscribers.get(message.subscriber);
    if (placed === undefined) return;
    placed.references.select(message);
    // First what comes, then the change, then what goes: nothing is missing in between.
    const before = placed.held;
    this.#hold(placed);
    placed.shard.thread.post(message);
    for (const source of before) if (!placed.held.has(source)) this.#release(placed.shard, source);
  }

  /** Holds what is new; what is not referred to any more stays for the caller to release. */
  #hold(placed: Placed): void {
    const before = placed.held;
    placed.held = placed.references.all;
    const nowMs = performance.now();
    for (const name of placed.held) {
      if (!before.has(name)) placed.shard.hold(name, this.#sources.get(name), nowMs);
    }
  }

  #patch(message: Message<'patch'>): void {
    const shard = this.#subscribers.get(message.subscriber)?.shard;
    if (shard === undefined) {
      this.#failPatch(message.request);
      return;
    }
    this.#patches.set(message.request, shard);
    shard.thread.post(message);
  }

  #failPatch(request: number): void {
    this.#patches.delete(request);
    const detail = 'the session has ended';
    queueMicrotask(() => this.#receive({ type: 'patch-failed', request, code: 'no-such-session', detail }));
  }

  #forward(message: Extract<ToDelivery, { subscriber: string }>): void {
    this.#subscribers.get(message.subscriber)?.shard.thread.post(message);
  }

  #toHolders(source: string, message: ToDelivery): void {
    for (const shard of this.#crew.shards) if (shard.holds(source)) shard.thread.post(message);
  }

  #usersOf(source: string): Set<Shard> {
    const users = [...this.#subscribers.values()].filter(({ uses }) => uses.includes(source));
    return new Set(users.map(({ shard }) => shard));
  }

  #hear(shard: Shard, message: FromShard): void {
    switch (message.type) {
      case 'key-frame-wanted':
        this.#sources.get(message.source)?.wantKeyFrame();
        return;
      case 'stats':
        this.#stats.answered(message.request, shard, message.subscribers);
        return;
      case 'patched':
      case 'patch-failed':
        this.#patches.delete(message.request);
        this.#receive(message);
        return;
      case 'fits': {
        const merged = this.#advice.heard(message, shard, this.#usersOf(message.source));
        if (merged !== null) this.#receive(merged);
        if (this.#advice.keeps(message)) shard.thread.post({ type: 'rate-kept', source: message.source });
        return;
      }
      case 'ready':
      case 'load':
        return;
      case 'created':
      case 'refused':
      case 'state':
      case 'uses':
        this.#ofSubscriber(shard, message);
    }
  }

  /** Nothing is said of somebody who is not there any more. */
  #ofSubscriber(shard: Shard, message: Extract<FromDelivery, { subscriber: string }>): void {
    const placed = this.#subscribers.get(message.subscriber);
    if (placed?.shard !== shard) return;
    if (message.type === 'created') placed.created = true;
    if (message.type === 'uses') this.#use(placed, message.sources);
    const isOver =
      message.type === 'refused' ||
      (message.type === 'state' && (message.state === 'failed' || message.state === 'closed'));
    if (isOver) this.#forget(message.subscriber);
    this.#receive(message);
  }

  #ended(shard: Shard, reason: string): void {
    this.#stats.without(shard);
    this.#advice.without(shard);
    for (const [request, asked] of this.#patches) if (asked === shard) this.#failPatch(request);
    const lost = [...this.#subscribers].filter(([, placed]) => placed.shard === shard);
    for (const [subscriber, placed] of lost) {
      const { created } = placed;
      this.#subscribers.delete(subscriber);
      this.#use(placed, []);
      if (!created) this.#refuse(subscriber, 'the delivery thread ended meanwhile');
      else
        this.#receive({ type: 'state', subscriber, state: 'failed', reason: `its thread ended: ${reason}` });
    }
  }

  #refuse(subscriber: string, detail: string): void {
    queueMicrotask(() => this.#receive({ type: 'refused', subscriber, code: 'full', detail }));
  }

  #forget(subscriber: string): void {
    const placed = this.#subscribers.get(subscriber);
    if (placed === undefined) return;
    this.#subscribers.delete(subscriber);
    placed.shard.subscribers.delete(subscriber);
    this.#use(placed, []);
    for (const source of placed.held) this.#release(placed.shard, source);
  }

  #release(shard: Shard, source: string): void {
    shard.release(source);
    if (!shard.holds(source)) this.#advice.released(source, shard);
  }

  /** Those whose users are others now may suit them at another rate. */
  #use(placed: Placed, sources: readonly string[]): void {
    const before = placed.uses;
    placed.uses = sources;
    for (const source of new Set([...before, ...sources])) {
      if (before.includes(source) && sources.includes(source)) continue;
      const merged = this.#advice.usedBy(source, () => this.#usersOf(source));
      if (merged !== null) this.#receive(merged);
    }
  }
}
