import type { DeliveryLog, RtcSettings, ThreadLoad } from '../contract.ts';
import type { FromShard } from './protocol.ts';
import { Shard } from './shard.ts';

/** Viewers of one thread before another is started: each costs memory, and every picture once more. */
const FILL = 16;
/** After a thread that died young, the next one waits. */
const PAUSE_MS = 1_000;

export interface CrewEvents {
  message(shard: Shard, message: FromShard): void;
  /** It has died; it is not one of `shards` any more. */
  ended(shard: Shard, reason: string): void;
}

/** The threads there are: as many as the viewers need, one ready ahead, at most `workers`. */
export class Crew {
  readonly #settings: RtcSettings;
  readonly #most: number;
  readonly #events: CrewEvents;
  readonly #log: DeliveryLog;
  readonly #program: string | undefined;
  readonly #shards = new Set<Shard>();
  #pause: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    settings: RtcSettings & { workers: number },
    events: CrewEvents,
    log: DeliveryLog,
    program: string | undefined,
  ) {
    this.#settings = settings;
    this.#most = settings.workers;
    this.#events = events;
    this.#log = log;
    this.#program = program;
    this.#grow();
  }

  get shards(): Iterable<Shard> {
    return this.#shards;
  }

  /** The one with the fewest viewers, of those that have started if any has; undefined when there is none. */
  place(): Shard | undefined {
    const all = [...this.#shards];
    const ready = all.filter((shard) => shard.ready);
    const [first, ...others] = ready.length > 0 ? ready : all;
    const least = others.reduce(
      (best, shard) => (shard.subscribers.size < best!.subscribers.size ? shard : best),
      first,
    );
    this.#grow();
    return least;
  }

  loads(): ThreadLoad[] {
    return [...this.#shards].map((shard) => shard.load());
  }

  /** Of the latest of them in the last second, ms. */
  lagMs(nowMs: number): number {
    return Math.max(0, ...[...this.#shards].map((shard) => shard.recentLagMs(nowMs)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#pause);
    await Promise.all([...this.#shards].map(({ thread }) => thread.close()));
    this.#shards.clear();
  }

  #grow(): void {
    if (this.#closed || this.#pause !== undefined) return;
    let viewers = 0;
    for (const shard of this.#shards) viewers += shard.subscribers.size;
    const wanted = Math.min(this.#most, 1 + Math.ceil(viewers / FILL));
    while (this.#shards.size < wanted) this.#start();
  }

  #start(): void {
    const names = new Set([...this.#shards].map(({ name }) => name));
    let number = 1;
    while (names.has(nameOf(number))) number++;
    const shard: Shard = new Shard(
      nameOf(number),
      this.#settings,
      {
        message: (message) => {
          shard.heard(message);
          this.#events.message(shard, message);
        },
        ended: (reason) => this.#ended(shard, reason),
      },
      this.#program,
    );
    this.#shards.add(shard);
  }

  #ended(shard: Shard, reason: string): void {
    this.#shards.delete(shard);
    const viewers = shard.subscribers.size;
    this.#log.error({ reason, viewers }, 'a delivery thread ended; another one takes its place');
    this.#events.ended(shard, reason);
    if (shard.ready) this.#grow();
    else this.#growLater();
  }

  #growLater(): void {
    this.#pause ??= setTimeout(() => {
      this.#pause = undefined;
      this.#grow();
    }, PAUSE_MS);
  }
}

const nameOf = (number: number): string => `delivery-${number}`;
