import { randomInt } from 'node:crypto';
import { nowUs } from '../../../src/rtc/clock.ts';
import type { RtcpItem } from '../../../src/rtc/rtcp/parse.ts';
import type { CodedPicture, VideoClip } from './clip.ts';
import { OutgoingStream, type TransportSequence } from './outgoing.ts';
import { LoadPeer } from './peer.ts';
import { type AnsweredSection, readAnswer, type Ssrcs, writeOffer } from './sdp.ts';
import type { HttpSession } from './whip.ts';
import { within } from './within.ts';

/** Browsers send a picture at about two and a half times its rate, in bursts every 5 ms. */
const PACING_FACTOR = 2.5;
const BURST_US = 5_000;
const SOUND_US = 20_000;
const REPORT_US = 1_000_000;
/** Where a picture's 15-bit id stands in a payload that `vp8Payloads` made. */
const PICTURE_ID_AT = 2;

export interface PublisherOptions {
  clip: VideoClip;
  /** Opus packets of 20 ms, sent over and over. */
  sound: readonly Buffer[];
  /** Picture of the clip to begin with; it is a key frame of `refresh`. */
  firstPicture: number;
  /** How far its camera ticks behind a whole period of the common start, µs. */
  phaseUs: number;
}

/** A packet to be, and when it leaves. */
interface QueuedPayload {
  payload: Buffer;
  pictureId: number;
  mediaUs: number;
  last: boolean;
  dueUs: number;
}

/** Answers an offer; by HTTP or by the signalling of another server. */
export type Negotiate = (offer: string) => Promise<HttpSession>;

/** A speaker: a clip and sound in real time, with reports, retransmissions and key frames when asked. */
export class LoadPublisher {
  readonly #options: PublisherOptions;
  readonly #session: HttpSession;
  readonly #peer: LoadPeer;
  readonly #video: OutgoingStream | undefined;
  readonly #audio: OutgoingStream | undefined;
  readonly #startUs: number;
  readonly #queue: QueuedPayload[] = [];
  #pictures = 0;
  #sounds = 0;
  #pictureId = 0;
  #freeUs = 0;
  #refreshing = true;
  #isAsked = false;
  #nextReportUs: number;
  keyFrameRequests = 0;

  /**
   * Resolves when media flows. A publisher belongs to a `Pace`, which calls `step`.
   * @throws Error when the server refuses, or nothing is connected within 10 s
   */
  static async open(negotiate: Negotiate, options: PublisherOptions): Promise<LoadPublisher> {
    let hear: (items: RtcpItem[]) => void = () => {};
    let isConnected: () => void = () => {};
    const connected = new Promise<void>((resolve) => {
      isConnected = resolve;
    });
    const peer = await LoadPeer.open({
      connected: () => isConnected(),
      rtp: () => {},
      rtcp: (items) => hear(items),
    });
    try {
      const { ice, fingerprint } = peer;
      const codecs = [options.clip.codec];
      const first = randomInt(1, 2 ** 32 - 2);
      const ssrcs = { audio: first, video: first + 1, rtx: first + 2 };
      const session = await negotiate(writeOffer({ direction: 'sendonly', codecs, ice, fingerprint, ssrcs }));
      const answer = readAnswer(session.answer);
      peer.connect(answer);
      await within(10_000, connected, 'the server did not connect to the publisher');
      const publisher = new LoadPublisher(peer, session, answer.sections, ssrcs, options);
      hear = (items) => publisher.#hear(items);
      return publisher;
    } catch (error) {
      peer.close();
      throw error;
    }
  }

  private constructor(
    peer: LoadPeer,
    session: HttpSession,
    sections: AnsweredSection[],
    ssrcs: Ssrcs,
    options: PublisherOptions,
  ) {
    this.#peer = peer;
    this.#session = session;
    this.#options = options;
    const periodUs = 1e6 / options.clip.fps;
    // On a grid of whole periods, so that phases of several publishers are what they were told.
    this.#startUs = Math.ceil(nowUs() / periodUs) * periodUs + options.phaseUs;
    this.#nextReportUs = this.#startUs;
    const transport: TransportSequence = { next: 0 };
    const cname = Math.random().toString(36).slice(2);
    const stream = (media: 'audio' | 'video', clockRate: number) => {
      const section = sections.find((each) => each.media === media);
      return section && new OutgoingStream(peer, section, clockRate, transport, cname, ssrcs);
    };
    this.#video = stream('video', 90_000);
    this.#audio = stream('audio', 48_000);
  }

  /** When picture `firstPicture` of the clip is due on the wire: what pictures' ages are counted from. */
  get startUs(): number {
    return this.#startUs;
  }

  get counts(): { packets: number; bytes: number; retransmissions: number } {
    const streams = [this.#video, this.#audio].filter((each) => each !== undefined);
    const sum = (of: (stream: OutgoingStream) => number) => streams.reduce((all, each) => all + of(each), 0);
    return {
      packets: sum((each) => each.packets),
      bytes: sum((each) => each.sentBytes),
      retransmissions: sum((each) => each.retransmissions),
    };
  }

  /** Sends what is due. @returns when it wants to be called next, µs on the monotonic clock */
  step(now: number): number {
    while (this.#pictureDueUs() <= now) this.#takePicture();
    while (this.#queue.length > 0 && this.#queue[0]!.dueUs <= now) {
      const { payload, pictureId, mediaUs, last } = this.#queue.shift()!;
      // Now, since publishers of the same clip share it.
      if (this.#options.clip.codec === 'vp8') payload.writeUInt16BE(0x8000 | pictureId, PICTURE_ID_AT);
      this.#video?.send(payload, mediaUs, last);
    }
    while (this.#soundDueUs() <= now) {
      const { sound } = this.#options;
      this.#audio?.send(sound[this.#sounds % sound.length]!, this.#sounds * SOUND_US, this.#sounds === 0);
      this.#sounds++;
    }
    if (now >= this.#nextReportUs) this.#report(now);
    const packetDueUs = this.#queue[0]?.dueUs ?? Number.POSITIVE_INFINITY;
    return Math.min(this.#pictureDueUs(), packetDueUs, this.#soundDueUs());
  }

  /** Leaves as a page does that is closed in good order. */
  async close(): Promise<void> {
    await this.#session.leave();
    this.#peer.close();
  }

  #pictureDueUs(): number {
    return this.#startUs + (this.#pictures * 1e6) / this.#options.clip.fps;
  }

  #soundDueUs(): number {
    return this.#startUs + this.#sounds * SOUND_US;
  }

  /** Puts the next picture's packets where they belong in time. */
  #takePicture(): void {
    const { clip } = this.#options;
    const dueUs = this.#pictureDueUs();
    const mediaUs = dueUs - this.#startUs;
    const { payloads } = this.#choosePicture();
    this.#pictures++;
    this.#pictureId = (this.#pictureId + 1) & 0x7fff;
    this.#freeUs = Math.max(this.#freeUs, dueUs);
    payloads.forEach((payload, index) => {
      const burstUs = dueUs + Math.ceil((this.#freeUs - dueUs) / BURST_US) * BURST_US;
      const last = index === payloads.length - 1;
      this.#queue.push({ payload, pictureId: this.#pictureId, mediaUs, last, dueUs: burstUs });
      this.#freeUs += (payload.length * 8_000) / (clip.kbps * PACING_FACTOR);
    });
  }

  #choosePicture(): CodedPicture {
    const { clip, firstPicture } = this.#options;
    const at = (firstPicture + this.#pictures) % clip.steady.length;
    if (this.#isAsked && clip.refresh[at]!.keyFrame) {
      this.#refreshing = true;
      this.#isAsked = false;
    } else if (this.#refreshing && clip.steady[at]!.keyFrame) this.#refreshing = false;
    if (clip.steady[at]!.keyFrame) this.#isAsked = false;
    return (this.#refreshing ? clip.refresh : clip.steady)[at]!;
  }

  #report(now: number): void {
    this.#nextReportUs += REPORT_US;
    for (const stream of [this.#video, this.#audio]) {
      if (stream !== undefined) this.#peer.sendRtcp(stream.report(now, now - this.#startUs));
    }
  }

  #hear(items: RtcpItem[]): void {
    for (const item of items) {
      if (item.type === 'nack') {
        for (const stream of [this.#video, this.#audio])
          if (stream?.ssrc === item.ssrc) stream.retransmit(item.sequences);
      } else if (item.type === 'pli' || item.type === 'fir') {
        this.keyFrameRequests++;
        this.#isAsked = true;
      }
    }
  }
}
