import type { SubscriberStats } from '../contract.ts';
import type { Shard } from './shard.ts';

/** A thread that has not answered by then is left out. */
const PATIENCE_MS = 2_000;

interface Round {
  waitedFor: Set<Shard>;
  subscribers: SubscriberStats[];
  overdue: NodeJS.Timeout;
}

/** Gathers the answers of all threads to one question. */
export class StatsRound {
  readonly #done: (request: number, subscribers: SubscriberStats[]) => void;
  readonly #rounds = new Map<number, Round>();

  constructor(done: (request: number, subscribers: SubscriberStats[]) => void) {
    this.#done = done;
  }

  begin(request: number, shards: Iterable<Shard>): void {
    const overdue = setTimeout(() => this.#end(request), PATIENCE_MS).unref();
    const waitedFor = new Set([...shards].filter(({ subscribers }) => subscribers.size > 0));
    this.#rounds.set(request, { waitedFor, subscribers: [], overdue });
    for (const { thread } of waitedFor) thread.post({ type: 'stats', request });
    // No answer comes before the question has been asked.
    if (waitedFor.size === 0) queueMicrotask(() => this.#end(request));
  }

  answered(request: number, shard: Shard, subscribers: SubscriberStats[]): void {
    const round = this.#rounds.get(request);
    if (!round?.waitedFor.delete(shard)) return;
    round.subscribers.push(...subscribers);
    if (round.waitedFor.size === 0) this.#end(request);
  }

  /** That thread answers no more. */
  without(shard: Shard): void {
    for (const request of [...this.#rounds.keys()]) this.answered(request, shard, []);
  }

  close(): void {
    for (const { overdue } of this.#rounds.values()) clearTimeout(overdue);
    this.#rounds.clear();
  }

  #end(request: number): void {
    const round = this.#rounds.get(request);
    if (round === undefined) return;
    this.#rounds.delete(request);
    clearTimeout(round.overdue);
    this.#done(request, round.subscribers);
  }
}
