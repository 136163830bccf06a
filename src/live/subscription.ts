import type { VideoCodec } from '../../mixer/protocol/control.ts';
import { RostrumError } from '../errors.ts';
import type { PeerOrigin, SubscriberStats } from '../rtc/contract.ts';
import type { MediaSession } from './contract.ts';
import { type DeliveryLine, newSessionId } from './deliveryLine.ts';
import type { Program, Rendition, Renditions } from './program.ts';

export interface SubscriptionParts {
  line: DeliveryLine;
  program: Program;
  renditions: Renditions;
  /** The room's codec first. */
  prefer: VideoCodec[];
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
  #sound: { rendition: Rendition; release: () => void };
  readonly #pictures = new Map<string, () => void>();
  #over = false;

  /** @param without whom its sound leaves out */
  constructor(participant: string, without: string | undefined, parts: SubscriptionParts) {
    this.participant = participant;
    this.#parts = parts;
    const rendition = parts.renditions.sound(without);
    this.#sound = { rendition, release: parts.program.use(rendition) };
  }

  /** @throws RostrumError sdp-malformed | sdp-refused | full, no-such-session when closed meanwhile */
  async open(offer: string, origin: PeerOrigin): Promise<void> {
    const { line, renditions, prefer } = this.#parts;
    try {
      const audio = this.#sound.rendition.source;
      const request = { offer, origin, audio: [audio], video: [renditions.feed()], prefer };
      const created = await line.create(this.id, request, {
        state: (state, reason) => {
          if (state === 'failed' || state === 'closed') this.end(reason);
        },
        uses: (sources) => this.#use(sources),
      });
      this.answer = created.answer;
      this.etag = created.etag;
      if (this.#over) throw new RostrumError('no-such-session', 'the session ended while it was being made');
      // The person may have come on stage, or left it, meanwhile.
      if (this.#sound.rendition.source !== audio) line.selectSound(this.id, 0, this.#sound.rendition.source);
    } catch (error) {
      this.end('it could not be opened');
      throw error;
    }
  }

  /** Leaves somebody out of the sound from now on, or nobody. */
  hear(without: string | undefined): void {
    const { line, program, renditions } = this.#parts;
    const rendition = renditions.sound(without);
    if (this.#over || rendition.source === this.#sound.rendition.source) return;
    const { release } = this.#sound;
    this.#sound = { rendition, release: program.use(rendition) };
    if (this.answer) line.selectSound(this.id, 0, rendition.source);
    release();
  }

  async patch(sdpFragment: string): Promise<{ answerFragment?: string; etag: string }> {
    if (this.#over) throw new RostrumError('no-such-session', 'it has ended');
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
    this.#sound.release();
    for (const release of this.#pictures.values()) release();
    this.#parts.ended(this, reason);
  }

  /** Encodes what the delivery says is needed, and no longer what is not. */
  #use(sources: string[]): void {
    if (this.#over) return;
    const { program, renditions } = this.#parts;
    for (const source of sources) {
      const rendition = renditions.named(source);
      if (rendition && !this.#pictures.has(source)) this.#pictures.set(source, program.use(rendition));
    }
    for (const [source, release] of this.#pictures) {
      if (sources.includes(source)) continue;
      this.#pictures.delete(source);
      release();
    }
  }
}
