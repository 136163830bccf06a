/**
 * The two parts of `rtc/` in memory, for tests of what a room decides. An offer is a list of words:
 * what it contains (`audio`, `vp8`, `h264`; of a viewer, once for each section), or `bad`; `slow` is answered
 * only when told to.
 */

import { RostrumError } from '../../../src/errors.ts';
import type {
  CheckOffer,
  CountSlots,
  CreateDelivery,
  CreatePublisher,
  Delivery,
  FromDelivery,
  Media,
  PeerState,
  Publisher,
  PublisherEvents,
  ToDelivery,
} from '../../../src/rtc/contract.ts';
import { until } from '../../harness/until.ts';

export class MemoryPublisher implements Publisher {
  readonly answer = 'answer';
  etag = '"1"';
  state: PeerState = 'connected';
  readonly tracks: Publisher['tracks'];
  readonly nacks: [Media, number[]][] = [];
  keyFrameRequests = 0;
  /** As last asked for by REMB, kbit/s. */
  capKbps: number | undefined;
  readonly #events: PublisherEvents;

  constructor(offer: string, events: PublisherEvents) {
    const words = offer.split(' ');
    const video = (['vp8', 'h264', 'vp9'] as const).find((codec) => words.includes(codec));
    this.tracks = [
      ...(words.includes('audio') ? [{ media: 'audio', codec: 'opus', clockRate: 48000 } as const] : []),
      ...(video ? [{ media: 'video', codec: video, clockRate: 90000 } as const] : []),
    ];
    this.#events = events;
  }

  /** How loud the peer says it is. */
  speak(levelDb: number, nowMs: number): void {
    this.#events.level?.(levelDb, nowMs * 1000);
  }

  /** A packet from the peer. */
  send(media: Media, packet: string | Buffer, nowMs: number): void {
    this.#events.rtp(media, Buffer.from(packet), nowMs * 1000);
  }

  report(media: Media): void {
    this.#events.senderReport(media, { ntpUs: 1, rtpTimestamp: 2, arrivalUs: 3 });
  }

  move(state: PeerState, reason: string): void {
    this.state = state;
    this.#events.state(state, reason);
  }

  limit(kbps: number): void {
    this.capKbps = kbps;
  }

  nack(media: Media, sequences: number[]): void {
    this.nacks.push([media, sequences]);
  }

  requestKeyFrame(): void {
    this.keyFrameRequests++;
  }

  async patch(fragment: string): Promise<{ answerFragment?: string }> {
    if (fragment !== 'restart') return {};
    this.etag = '"2"';
    return { answerFragment: 'restarted' };
  }

  stats() {
    return { packets: 0, bytes: 0, lostPackets: 0, rttMs: null };
  }

  close(): void {
    if (this.state !== 'closed') this.move('closed', 'closed here');
  }
}

export class MemoryRtc {
  readonly publishers: MemoryPublisher[] = [];
  readonly delivered: ToDelivery[] = [];
  deliveryClosed = false;
  /** How late its threads are, ms. */
  lagMs = 0;
  readonly #held: (() => void)[] = [];
  #receive: (message: FromDelivery) => void = () => {};

  readonly createPublisher: CreatePublisher = async (offer, _origin, _settings, events) => {
    const publisher = new MemoryPublisher(offer, events);
    if (offer.includes('slow')) await new Promise<void>((resolve) => this.#held.push(resolve));
    if (offer.includes('bad')) throw new RostrumError('sdp-refused', 'a bad offer');
    this.publishers.push(publisher);
    return publisher;
  };

  readonly checkOffer: CheckOffer = (offer) => {
    if (offer.includes('bad')) throw new RostrumError('sdp-refused', 'a bad offer');
  };

  readonly countSlots: CountSlots = (offer) => Math.max(sections(offer, 'audio'), sections(offer, 'video'));

  readonly createDelivery: CreateDelivery = (_settings, receive): Delivery => {
    this.#receive = receive;
    return {
      post: (message) => {
        this.delivered.push(message);
        setImmediate(() => this.#answer(message));
      },
      lagMs: () => this.lagMs,
      close: async () => {
        this.deliveryClosed = true;
      },
    };
  };

  /** Lets slow offers be answered. */
  async answerSlow(): Promise<void> {
    await until('a slow offer', () => this.#held.length > 0);
    this.answerHeld();
  }

  /** Like `answerSlow`, when there may be none. */
  answerHeld(): void {
    for (const answer of this.#held.splice(0)) answer();
  }

  emit(message: FromDelivery): void {
    this.#receive(message);
  }

  /** Messages of one type that the delivery got. */
  posted<T extends ToDelivery['type']>(type: T): Extract<ToDelivery, { type: T }>[] {
    return this.delivered.filter((it): it is Extract<ToDelivery, { type: T }> => it.type === type);
  }

  #answer(message: ToDelivery): void {
    if (message.type === 'create') this.#create(message);
    if (message.type === 'stats') this.#stats(message.request);
    if (message.type !== 'patch') return;
    const { request, fragment } = message;
    if (fragment === 'bad') {
      this.emit({ type: 'patch-failed', request, code: 'sdp-malformed', detail: 'no' });
    } else this.emit({ type: 'patched', request, etag: '"9"', answerFragment: 'fragment' });
  }

  #create({ subscriber, offer, prefer, audio, video }: Extract<ToDelivery, { type: 'create' }>): void {
    if (offer.includes('bad')) {
      this.emit({ type: 'refused', subscriber, code: 'sdp-refused', detail: 'a bad offer' });
      return;
    }
    const pictures = video.slice(0, sections(offer, 'video'));
    const sources = pictures.flatMap((feed) => {
      const codec = prefer.find((each) => offer.includes(each) && feed?.[each]);
      return codec ? [feed![codec]![0]!.source] : [];
    });
    const sounds = audio.slice(0, sections(offer, 'audio'));
    const answer = () => {
      this.emit({ type: 'uses', subscriber, sources });
      const mids = { audio: sounds.map((_, i) => `a${i}`), video: pictures.map((_, i) => `v${i}`) };
      this.emit({ type: 'created', subscriber, answer: 'answer', etag: '"1"', mids });
    };
    if (offer.includes('slow')) this.#held.push(answer);
    else answer();
  }

  #stats(request: number): void {
    const common = { retransmissions: 0, lossFraction: 0, rttMs: null, height: null, estimateKbps: null };
    const subscribers = this.posted('create').map(({ subscriber }) => ({
      ...{ subscriber, packets: 10, bytes: 1000 },
      ...common,
    }));
    this.emit({ type: 'stats', request, subscribers });
  }
}

/** Sections of one kind; several codecs after one another stand for one section. */
const sections = (offer: string, media: Media): number =>
  media === 'audio'
    ? offer.split('audio').length - 1
    : (offer.match(/(vp8|h264)( (vp8|h264))*/g)?.length ?? 0);
