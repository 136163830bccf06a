import type { VideoCodec } from '../../mixer/protocol/control.ts';
import { RostrumError } from '../errors.ts';
import type { Feed, Media, PeerOrigin, SubscriberStats } from '../rtc/contract.ts';
import type { MediaSession, Slot } from './contract.ts';
import { type DeliveryLine, newSessionId } from './deliveryLine.ts';
import type { Lineup, MakeLineup } from './lineup.ts';
import type { Program } from './program.ts';
import type { Rendition, Renditions } from './renditions.ts';

export interface SubscriptionParts {
  line: DeliveryLine;
  program: Program;
  renditions: Renditions;
  /** The room's codec first. */
  prefer: VideoCodec[];
  /** Its viewer must know who is in which section now. */
  slotsChanged(subscription: Subscription): void;
  /** It is over, whoever ended it. Told once. */
  ended(subscription: Subscription, reason: string): void;
}

/** One viewer's peer: a WHEP session, with the encoders it makes necessary. */
export class Subscription implements MediaSession {
  readonly id = newSessionId();
  readonly direction = 'whep';
  readonly participant: string;
  answer = '';
  etag = '';
  /** As last reported; null before. */
  stats: SubscriberStats | null = null;
  readonly #parts: SubscriptionParts;
  #lineup: Lineup;
  #releaseSound: (() => void) | undefined;
  /** What it uses beside the sound that everybody hears: pictures, and the sound for lossy networks. */
  readonly #used = new Map<string, () => void>();
  /** Sections of each medium, once answered. */
  #mids: Record<Media, string[]> | undefined;
  #slotCount: number;
  #toldSlots = '[]';
  #maxHeight: number | null = null;
  #over = false;

  /** @param slots what it can show at a time, before the answer says how many sections there are */
  constructor(participant: string, slots: number, make: MakeLineup, parts: SubscriptionParts) {
    this.participant = participant;
    this.#parts = parts;
    this.#slotCount = slots;
    this.#lineup = make({ participant, slots, people: [] });
    this.#hear(this.#lineup);
  }

  /** Who is in which of its sections; none while it watches the program. */
  get slots(): Slot[] {
    return this.#lineup.people.flatMap((person, slot): Slot[] => {
      if (!person) return [];
      const { participant, kind, volumeDb } = person;
      const [sound, picture] = [this.#mids?.audio[slot], this.#mids?.video[slot]];
      return [
        ...(sound === undefined
          ? []
          : [{ mid: sound, media: 'audio', participant, kind, volumeDb } as const]),
        ...(picture === undefined ? [] : [{ mid: picture, media: 'video', participant, kind } as const]),
      ];
    });
  }

  /** @throws RostrumError sdp-malformed | sdp-refused | full, no-such-session when closed meanwhile */
  async open(offer: string, origin: PeerOrigin): Promise<void> {
    const { line, renditions } = this.#parts;
    const asked = this.#lineup;
    try {
      const { audio, lossyAudio, video } = asked;
      const prefer = renditions.order(this.#parts.prefer);
      const request = { offer, origin, audio, lossyAudio, video, prefer };
      const created = await line.create(this.id, request, {
        state: (state, reason) => {
          if (state === 'failed' || state === 'closed') this.end(reason);
        },
        uses: (sources) => this.#use(sources),
      });
      this.answer = created.answer;
      this.etag = created.etag;
      if (this.#over)
        throw new RostrumError('no-such-session', 'the session ended while it was being made; try again');
      this.#mids = created.mids;
      this.#slotCount = Math.max(created.mids.audio.length, created.mids.video.length);
      if (this.#maxHeight !== null) line.limit(this.id, this.#maxHeight);
      // Somebody may have come on stage, or left it, meanwhile.
      this.#select(asked);
      this.#tellSlots();
    } catch (error) {
      this.end('it could not be opened');
      throw error;
    }
  }

  /** Sends it what is to be seen and heard now, without a new offer. */
  show(make: MakeLineup): void {
    if (this.#over) return;
    const { participant } = this;
    const before = this.#lineup;
    this.#lineup = make({ participant, slots: this.#slotCount, people: before.people });
    this.#hear(before);
    if (!this.#mids) return;
    this.#select(before);
    this.#tellSlots();
  }

  /** Pictures of at most this height, 0 for none, null for what fits. */
  limit(maxHeight: number | null): void {
    if (this.#over || maxHeight === this.#maxHeight) return;
    this.#maxHeight = maxHeight;
    if (this.#mids) this.#parts.line.limit(this.id, maxHeight);
  }

  async patch(sdpFragment: string): Promise<{ answerFragment?: string; etag: string }> {
    if (this.#over) throw new RostrumError('no-such-session', 'it has ended; POST begins another');
    const { answerFragment, etag } = await this.#parts.line.patch(this.id, sdpFragment);
    this.etag = etag;
    return { answerFragment, etag };
  }

  async close(): Promise<void> {
    this.end('closed');
  }

  end(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#parts.line.closeSubscriber(this.id);
    this.#releaseSound?.();
    for (const release of this.#used.values()) release();
    this.#parts.ended(this, reason);
  }

  /** Encodes the mixed sound it is sent, and no longer the one before. */
  #hear(before: Lineup): void {
    const { mixed } = this.#lineup;
    if (this.#releaseSound && mixed?.usual.source === before.mixed?.usual.source) return;
    const release = this.#releaseSound;
    this.#releaseSound = mixed ? this.#parts.program.use(mixed.usual) : undefined;
    release?.();
  }

  /** Tells the delivery what differs from what it was told. */
  #select(before: Lineup): void {
    const { line } = this.#parts;
    const { audio, lossyAudio, video } = this.#lineup;
    for (let slot = 0; slot < this.#slotCount; slot++) {
      const source = audio[slot] ?? null;
      if (source !== (before.audio[slot] ?? null)) {
        line.selectSound(this.id, slot, source, lossyAudio[slot] ?? null);
      }
      const feed = video[slot] ?? null;
      if (!sameFeed(feed, before.video[slot] ?? null)) line.selectPicture(this.id, slot, feed);
    }
  }

  #tellSlots(): void {
    const text = JSON.stringify(this.slots);
    if (text === this.#toldSlots) return;
    this.#toldSlots = text;
    this.#parts.slotsChanged(this);
  }

  /** Encodes what the delivery says is needed, and no longer what is not. */
  #use(sources: string[]): void {
    if (this.#over) return;
    for (const source of sources) {
      const rendition = this.#named(source);
      if (rendition && !this.#used.has(source)) this.#used.set(source, this.#parts.program.use(rendition));
    }
    for (const [source, release] of this.#used) {
      if (sources.includes(source)) continue;
      this.#used.delete(source);
      release();
    }
  }

  #named(source: string): Rendition | undefined {
    const lossy = this.#lineup.mixed?.lossy;
    return source === lossy?.source ? lossy : this.#parts.renditions.named(source);
  }
}

const sameFeed = (one: Feed | null, other: Feed | null): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);
