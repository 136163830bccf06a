import { randomUUID } from 'node:crypto';
import { RostrumError } from '../errors.ts';
import type {
  CreateDelivery,
  Delivery,
  Feed,
  FromDelivery,
  PeerState,
  RtcSettings,
  SourceDescription,
  SubscriberStats,
  ThreadLoad,
  ToDelivery,
} from '../rtc/contract.ts';

type Created = Extract<FromDelivery, { type: 'created' }>;
type Patched = Omit<Extract<FromDelivery, { type: 'patched' }>, 'type' | 'request'>;
export type SubscriberRequest = Omit<Extract<ToDelivery, { type: 'create' }>, 'type' | 'subscriber'>;

interface Waiting<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

/** What a subscriber's owner hears of it. */
export interface SubscriberEvents {
  state(state: PeerState, reason: string): void;
  /** The picture sources it needs now. */
  uses(sources: string[]): void;
}

/** What the owner of a source hears of it. */
export interface SourceEvents {
  keyFrameWanted(): void;
  /** At which rate it would suit all who are sent it, kbit/s; false when it keeps another one. */
  fits?(kbps: number): boolean;
}

interface Subscriber {
  creating: Waiting<Created> | undefined;
  events: SubscriberEvents;
  /** The picture sources it needs now. */
  uses: string[];
}

/**
 * The delivery's messages as calls: answers find their question, events their owner. Everybody in the
 * server shares one delivery; sources and subscribers are told apart by name.
 */
export class DeliveryLine {
  readonly #delivery: Delivery;
  readonly #sources = new Map<string, SourceEvents>();
  readonly #subscribers = new Map<string, Subscriber>();
  /** How many subscribers need each picture source. */
  readonly #users = new Map<string, number>();
  readonly #patches = new Map<number, Waiting<Patched>>();
  readonly #stats = new Map<number, Waiting<SubscriberStats[]>>();
  #requests = 0;
  #closed = false;

  constructor(create: CreateDelivery, settings: RtcSettings) {
    this.#delivery = create(settings, (message) => this.#hear(message));
  }

  addSource(source: SourceDescription, events: SourceEvents): void {
    this.#sources.set(source.source, events);
    this.#delivery.post({ type: 'add-source', ...source });
  }

  restartSource(source: string): void {
    this.#delivery.post({ type: 'restart-source', source });
  }

  removeSource(source: string): void {
    this.#sources.delete(source);
    this.#delivery.post({ type: 'remove-source', source });
  }

  media(source: string, picture: Uint8Array): void {
    this.#delivery.post({ type: 'media', source, picture });
  }

  /** @throws RostrumError sdp-malformed | sdp-refused | full, no-such-session when closed meanwhile */
  create(subscriber: string, request: SubscriberRequest, events: SubscriberEvents): Promise<Created> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(shuttingDown());
      this.#subscribers.set(subscriber, { creating: { resolve, reject }, events, uses: [] });
      this.#delivery.post({ type: 'create', subscriber, ...request });
    });
  }

  /** @throws RostrumError no-such-session | sdp-malformed | sdp-refused */
  patch(subscriber: string, fragment: string): Promise<Patched> {
    return this.#ask(this.#patches, (request) => ({ type: 'patch', subscriber, request, fragment }));
  }

  /** True while somebody is sent this picture source, or waits for it. */
  isUsed(source: string): boolean {
    return this.#users.has(source);
  }

  selectPicture(subscriber: string, slot: number, feed: Feed | null): void {
    this.#delivery.post({ type: 'select', subscriber, media: 'video', slot, feed });
  }

  /** @param lossy the same sound with error correction, where there is one */
  selectSound(subscriber: string, slot: number, source: string | null, lossy: string | null): void {
    this.#delivery.post({ type: 'select', subscriber, media: 'audio', slot, source, lossy });
  }

  /** The viewer's own wish, as in the message `limit`. */
  limit(subscriber: string, maxHeight: number | null): void {
    this.#delivery.post({ type: 'limit', subscriber, maxHeight });
  }

  /** Ends a subscriber; nothing is heard of it any more. */
  closeSubscriber(subscriber: string): void {
    const found = this.#subscribers.get(subscriber);
    if (!found) return;
    this.#subscribers.delete(subscriber);
    this.#use(found, []);
    this.#delivery.post({ type: 'close', subscriber });
    found.creating?.reject(
      new RostrumError('no-such-session', 'the session ended while it was being made; try again'),
    );
  }

  threads(): ThreadLoad[] {
    return this.#delivery.threads?.() ?? [];
  }

  /** How late the latest of its threads was in the last second, ms; 0 where it has none. */
  get lagMs(): number {
    return this.#delivery.lagMs?.() ?? 0;
  }

  stats(): Promise<SubscriberStats[]> {
    return this.#ask(this.#stats, (request) => ({ type: 'stats', request }));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const { creating } of this.#subscribers.values()) creating?.reject(shuttingDown());
    for (const waiting of [...this.#patches.values(), ...this.#stats.values()])
      waiting.reject(shuttingDown());
    this.#subscribers.clear();
    this.#patches.clear();
    this.#stats.clear();
    await this.#delivery.close();
  }

  #ask<T>(waiting: Map<number, Waiting<T>>, message: (request: number) => ToDelivery): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(shuttingDown());
      const request = ++this.#requests;
      waiting.set(request, { resolve, reject });
      this.#delivery.post(message(request));
    });
  }

  #hear(message: FromDelivery): void {
    switch (message.type) {
      case 'created':
        this.#answered(message.subscriber)?.resolve(message);
        break;
      case 'refused': {
        const creating = this.#answered(message.subscriber);
        this.#subscribers.delete(message.subscriber);
        creating?.reject(refusal(message.code, message.detail));
        break;
      }
      case 'state':
        this.#subscribers.get(message.subscriber)?.events.state(message.state, message.reason);
        break;
      case 'uses':
        this.#uses(message.subscriber, message.sources);
        break;
      case 'key-frame-wanted':
        this.#sources.get(message.source)?.keyFrameWanted();
        break;
      case 'fits':
        this.#fits(message.source, message.kbps);
        break;
      case 'patched':
        take(this.#patches, message.request)?.resolve(message);
        break;
      case 'patch-failed':
        take(this.#patches, message.request)?.reject(refusal(message.code, message.detail));
        break;
      case 'stats':
        take(this.#stats, message.request)?.resolve(message.subscribers);
    }
  }

  /** Where nobody follows, those who wait for it must know. */
  #fits(source: string, kbps: number): void {
    const follows = this.#sources.get(source)?.fits?.(kbps) ?? false;
    if (!follows) this.#delivery.post({ type: 'rate-kept', source });
  }

  #uses(subscriber: string, sources: string[]): void {
    const found = this.#subscribers.get(subscriber);
    if (!found) return;
    this.#use(found, sources);
    found.events.uses(sources);
  }

  #use(subscriber: Subscriber, sources: string[]): void {
    for (const source of sources) this.#users.set(source, (this.#users.get(source) ?? 0) + 1);
    for (const source of subscriber.uses) {
      const left = this.#users.get(source)! - 1;
      if (left > 0) this.#users.set(source, left);
      else this.#users.delete(source);
    }
    subscriber.uses = sources;
  }

  #answered(subscriber: string): Waiting<Created> | undefined {
    const found = this.#subscribers.get(subscriber);
    const creating = found?.creating;
    if (found) found.creating = undefined;
    return creating;
  }
}

/** A name no subscriber had before, and nobody can guess. */
export const newSessionId = (): string => randomUUID();

const shuttingDown = (): RostrumError => new RostrumError('shutting-down', 'the server stops; try again', 5);

const refusal = (code: ConstructorParameters<typeof RostrumError>[0], detail: string): RostrumError =>
  new RostrumError(code, detail, code === 'full' ? 10 : undefined);

function take<T>(waiting: Map<number, T>, request: number): T | undefined {
  const found = waiting.get(request);
  waiting.delete(request);
  return found;
}
