import { RostrumError } from '../errors.ts';
import type { Participant } from '../rooms/participant.ts';
import type { PeerOrigin, SubscriberStats } from '../rtc/contract.ts';
import type { MakeLineup } from './lineup.ts';
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
    return this.of(participant).length > 0;
  }

  /**
   * @param slots what it may show at a time
   * @throws RostrumError sdp-malformed | sdp-refused | full, no-such-session when it was ended meanwhile
   */
  async subscribe(
    participant: Participant,
    offer: string,
    origin: PeerOrigin,
    slots: number,
    make: MakeLineup,
  ): Promise<Subscription> {
    const own = this.of(participant.id);
    const isFull = this.#open.size >= this.#max;
    // Who watches already does not take anybody's place by watching in another way.
    if (isFull && own.length === 0) throw new RostrumError('full', roomFull(this.#max), 30);
    const subscription = new Subscription(participant.id, slots, make, this.#parts);
    subscription.limit(participant.maxHeight);
    this.#open.set(subscription.id, subscription);
    // Not before: who has nothing open in the room has left it.
    if (own.length >= MAX_OF_ONE_PERSON) own[0]!.end('the same person watches in too many places');
    else if (isFull) own[0]!.end('a newer one of the same person replaces it in a full room');
    await subscription.open(offer, origin);
    return subscription;
  }

  [Symbol.iterator](): IterableIterator<Subscription> {
    return this.#open.values();
  }

  /** Gives everybody what is to be seen and heard now. */
  show(make: MakeLineup): void {
    for (const subscription of this.#open.values()) subscription.show(make);
  }

  endOf(participant: string, reason: string): void {
    for (const subscription of this.of(participant)) subscription.end(reason);
  }

  close(): void {
    for (const subscription of [...this.#open.values()]) subscription.end('the room ends');
  }

  /** What one person is to be sent at most, in all that they have open. */
  limit(participant: string, maxHeight: number | null): void {
    for (const subscription of this.of(participant)) subscription.limit(maxHeight);
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
  of(participant: string): Subscription[] {
    return [...this.#open.values()].filter((subscription) => subscription.participant === participant);
  }

  #forget(subscription: Subscription, reason: string): void {
    this.#open.delete(subscription.id);
    this.#past.packets += subscription.stats?.packets ?? 0;
    this.#past.bytes += subscription.stats?.bytes ?? 0;
    this.#ended(subscription, reason);
  }
}

const roomFull = (max: number): string =>
  `the room holds ${max} viewers: try again when somebody has left. ` +
  'The operator can raise ROSTRUM_MAX_VIEWERS, or send the audience to an HLS output';
