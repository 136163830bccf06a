import { RostrumError } from '../errors.ts';
import type { Participant } from '../rooms/participant.ts';
import type { Room } from '../rooms/room.ts';
import type { PeerOrigin, SubscriberStats } from '../rtc/contract.ts';
import { Subscription, type SubscriptionParts } from './subscription.ts';

/** One token in more tabs than this: the oldest is ended. */
const MAX_OF_ONE_PERSON = 4;

/** Everybody who watches one room. */
export class Subscriptions {
  readonly #parts: SubscriptionParts;
  readonly #ended: SubscriptionParts['ended'];
  readonly #max: number;
  readonly #open = new Map<string, Subscription>();
  /** What those have been sent who are gone. */
  readonly #past = { packets: 0, bytes: 0 };

  constructor(max: number, parts: SubscriptionParts) {
    this.#max = max;
    this.#ended = parts.ended;
    this.#parts = { ...parts, ended: (subscription, reason) => this.#forget(subscription, reason) };
  }

  get size(): number {
    return this.#open.size;
  }

  get(id: string): Subscription | undefined {
    return this.#open.get(id);
  }

  has(participant: string): boolean {
    return this.#of(participant).length > 0;
  }

  /** @throws RostrumError sdp-malformed | sdp-refused | full, no-such-session when it was ended meanwhile */
  async subscribe(participant: Participant, offer: string, origin: PeerOrigin): Promise<Subscription> {
    const own = this.#of(participant.id);
    if (own.length >= MAX_OF_ONE_PERSON) own[0]!.end('the same person watches in too many places');
    if (this.#open.size >= this.#max) {
      throw new RostrumError('full', `the room holds ${this.#max} viewers`, 30);
    }
    const subscription = new Subscription(participant.id, leftOut(participant), this.#parts);
    this.#open.set(subscription.id, subscription);
    await subscription.open(offer, origin);
    return subscription;
  }

  /** Gives everybody the sound that is theirs now: without themselves while they are in it. */
  follow(room: Room): void {
    for (const subscription of this.#open.values()) {
      subscription.hear(leftOut(room.participants.get(subscription.participant)));
    }
  }

  endOf(participant: string, reason: string): void {
    for (const subscription of this.#of(participant)) subscription.end(reason);
  }

  close(): void {
    for (const subscription of [...this.#open.values()]) subscription.end('the room ends');
  }

  measured(stats: ReadonlyMap<string, SubscriberStats>): void {
    for (const subscription of this.#open.values()) {
      subscription.stats = stats.get(subscription.id) ?? subscription.stats;
    }
  }

  /** What was sent to viewers since the room began. */
  sent(): { packets: number; bytes: number } {
    const sum = { ...this.#past };
    for (const { stats } of this.#open.values()) {
      sum.packets += stats?.packets ?? 0;
      sum.bytes += stats?.bytes ?? 0;
    }
    return sum;
  }

  /** Oldest first. */
  #of(participant: string): Subscription[] {
    return [...this.#open.values()].filter((subscription) => subscription.participant === participant);
  }

  #forget(subscription: Subscription, reason: string): void {
    this.#open.delete(subscription.id);
    this.#past.packets += subscription.stats?.packets ?? 0;
    this.#past.bytes += subscription.stats?.bytes ?? 0;
    this.#ended(subscription, reason);
  }
}

const leftOut = (participant: Participant | undefined): string | undefined =>
  participant?.soundsOnStage ? participant.id : undefined;
