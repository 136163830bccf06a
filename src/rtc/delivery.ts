/**
 * Subscribers and forwarders behind serialisable messages only, so that a delivery can live in a worker
 * thread unchanged. Media comes as one buffer per picture.
 */

import { RostrumError } from '../errors.ts';
import { nowUs } from './clock.ts';
import type { CreateDelivery, Delivery, FromDelivery, RtcSettings, ToDelivery } from './contract.ts';
import { Advice, type Fitting, type Room } from './deliver/advice.ts';
import { Forwarder } from './deliver/forwarder.ts';
import { JoinQueue } from './deliver/joinQueue.ts';
import { Pacer } from './deliver/pacer.ts';
import { Subscriber, type SubscriberParts } from './deliver/subscriber.ts';

/** How often it is looked at whether a source's rate suits its viewers. */
const ADVICE_MS = 3_000;

type Message<Type extends ToDelivery['type']> = Extract<ToDelivery, { type: Type }>;

export const createDelivery: CreateDelivery = (settings, receive) => new LocalDelivery(settings, receive);

class LocalDelivery implements Delivery {
  readonly #parts: SubscriberParts;
  readonly #receive: (message: FromDelivery) => void;
  readonly #forwarders = new Map<string, Forwarder>();
  readonly #subscribers = new Map<string, Subscriber>();
  /** Creations under way, by subscriber; whoever is taken out meanwhile is closed as soon as it is there. */
  readonly #opening = new Map<string, { id: object; done: Promise<void> }>();
  /** The picture sources that were told of each subscriber. */
  readonly #used = new WeakMap<Subscriber, string[]>();
  readonly #advice = new Advice();
  readonly #adviceTimer: NodeJS.Timeout;
  #closed = false;

  constructor(settings: RtcSettings, receive: (message: FromDelivery) => void) {
    this.#receive = receive;
    this.#parts = {
      settings,
      pacer: new Pacer(nowUs),
      joins: new JoinQueue(),
      forwarder: (source) => this.#forwarder(source),
    };
    this.#adviceTimer = setInterval(() => this.#advise(this.#rooms()), ADVICE_MS).unref();
  }

  post(message: ToDelivery): void {
    if (this.#closed) return;
    switch (message.type) {
      case 'media':
        this.#forwarders.get(message.source)?.push(message.picture, nowUs());
        return;
      case 'add-source':
        this.#forwarder(message.source).describe(message);
        return;
      case 'restart-source':
        this.#forwarders.get(message.source)?.restart();
        return;
      case 'remove-source':
        this.#forwarders.get(message.source)?.remove();
        this.#advice.forget(message.source);
        this.#reap();
        return;
      case 'create':
        this.#create(message);
        return;
      case 'patch':
        this.#patch(message);
        return;
      case 'select':
        this.#select(message);
        return;
      case 'limit':
        this.#subscribers.get(message.subscriber)?.limit(message.maxHeight);
        this.#reap();
        return;
      case 'rate-kept':
        // Never within the call that it answers.
        queueMicrotask(() => {
          for (const each of this.#subscribers.values()) each.rateKept(message.source);
        });
        return;
      case 'close':
        this.#remove(message.subscriber);
        return;
      case 'stats': {
        const subscribers = [...this.#subscribers.values()].map((each) => each.stats());
        this.#receive({ type: 'stats', request: message.request, subscribers });
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const opening = [...this.#opening.values()].map(({ done }) => done);
    this.#opening.clear();
    for (const subscriber of this.#subscribers.values()) subscriber.close();
    this.#subscribers.clear();
    for (const forwarder of this.#forwarders.values()) forwarder.close();
    this.#forwarders.clear();
    clearInterval(this.#adviceTimer);
    this.#parts.joins.close();
    this.#parts.pacer.close();
    await Promise.all(opening);
  }

  #create(message: Message<'create'>): void {
    this.#remove(message.subscriber);
    const id = {};
    const done = this.#open(message, id).catch((error: unknown) =>
      this.#refused(message.subscriber, id, error),
    );
    this.#opening.set(message.subscriber, { id, done });
  }

  async #open(message: Message<'create'>, id: object): Promise<void> {
    const name = message.subscriber;
    // Only after the caller's turn, so that no answer comes before `post` has returned.
    await Promise.resolve();
    let opened: Subscriber | undefined;
    const isCurrent = () => opened !== undefined && this.#subscribers.get(name) === opened;
    const subscriber = await Subscriber.open(message, this.#parts, {
      state: (state, reason) => {
        if (!isCurrent()) return;
        if (state !== 'connected') this.#forget(name);
        this.#receive({ type: 'state', subscriber: name, state, reason });
      },
      changed: () => {
        if (isCurrent()) this.#tellUses(opened!);
      },
      shrink: (kbps) => isCurrent() && this.#shrink(opened!, kbps),
    });
    opened = subscriber;
    if (this.#opening.get(name)?.id !== id) {
      subscriber.close();
      this.#reap();
      return;
    }
    this.#opening.delete(name);
    this.#subscribers.set(name, subscriber);
    const { answer, etag, mids } = subscriber;
    this.#tellUses(subscriber);
    this.#receive({ type: 'created', subscriber: name, answer, etag, mids });
  }

  #refused(subscriber: string, id: object, error: unknown): void {
    if (this.#opening.get(subscriber)?.id !== id) return;
    this.#opening.delete(subscriber);
    this.#reap();
    const { code, detail } = asProblem(error);
    this.#receive({
      type: 'refused',
      subscriber,
      code: code as Extract<FromDelivery, { type: 'refused' }>['code'],
      detail,
    });
  }

  #select(message: Message<'select'>): void {
    const subscriber = this.#subscribers.get(message.subscriber);
    if (message.media === 'audio')
      subscriber?.selectSound(message.slot, message.source, message.lossy ?? null);
    else subscriber?.selectPicture(message.slot, message.feed);
    this.#reap();
  }

  /** Tells what must be encoded for a subscriber, when that is something else than before. */
  #tellUses(subscriber: Subscriber): void {
    const sources = subscriber.uses;
    const told = this.#used.get(subscriber);
    if (told?.length === sources.length && sources.every((source) => told.includes(source))) return;
    this.#used.set(subscriber, sources);
    this.#receive({ type: 'uses', subscriber: subscriber.id, sources });
  }

  /** What everybody could take of what they are sent. */
  #rooms(except?: Subscriber): Room[] {
    return [...this.#subscribers.values()].filter((each) => each !== except).flatMap((each) => each.rooms());
  }

  /** Says at which rates sources would suit everybody; which of that is news. */
  #advise(rooms: Room[]): Fitting[] {
    const news = this.#advice.news(rooms, nowUs());
    for (const fitting of news) this.#receive({ type: 'fits', ...fitting });
    return news;
  }

  /** True when something that it is sent is to be slower now: other news does not help it. */
  #shrink(subscriber: Subscriber, kbps: number): boolean {
    const rooms = subscriber.rooms(kbps);
    const before = new Map(
      rooms.map(({ source, rungKbps }) => [source, this.#advice.told(source) ?? rungKbps]),
    );
    const news = this.#advise([...this.#rooms(subscriber), ...rooms]);
    return news.some((fitting) => fitting.kbps < (before.get(fitting.source) ?? 0));
  }

  #patch({ subscriber, request, fragment }: Message<'patch'>): void {
    const found = this.#subscribers.get(subscriber);
    if (found === undefined) {
      const detail = 'the session has ended';
      this.#receive({ type: 'patch-failed', request, code: 'no-such-session', detail });
      return;
    }
    try {
      const answerFragment = found.patch(fragment);
      const restarted = answerFragment === undefined ? {} : { answerFragment };
      this.#receive({ type: 'patched', request, etag: found.etag, ...restarted });
    } catch (error) {
      const { code, detail } = asProblem(error);
      this.#receive({ type: 'patch-failed', request, code: code === 'full' ? 'sdp-refused' : code, detail });
    }
  }

  #remove(name: string): void {
    this.#opening.delete(name);
    this.#subscribers.get(name)?.close();
    this.#forget(name);
  }

  #forget(name: string): void {
    this.#subscribers.delete(name);
    this.#reap();
  }

  #forwarder(source: string): Forwarder {
    let forwarder = this.#forwarders.get(source);
    if (forwarder === undefined) {
      forwarder = new Forwarder(source, () => this.#receive({ type: 'key-frame-wanted', source }));
      this.#forwarders.set(source, forwarder);
    }
    return forwarder;
  }

  #reap(): void {
    for (const [source, forwarder] of this.#forwarders) {
      if (!forwarder.idle) continue;
      forwarder.close();
      this.#forwarders.delete(source);
    }
  }
}

function asProblem(error: unknown): { code: 'sdp-malformed' | 'sdp-refused' | 'full'; detail: string } {
  if (!(error instanceof RostrumError)) return { code: 'sdp-refused', detail: 'the offer could not be used' };
  const { code, detail } = error;
  return { code: code === 'sdp-malformed' || code === 'sdp-refused' ? code : 'full', detail };
}
