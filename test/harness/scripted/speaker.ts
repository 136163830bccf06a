import { randomInt } from 'node:crypto';
import { OutgoingStream } from '../../../scripts/bench/load/outgoing.ts';
import type { Paced } from '../../../scripts/bench/load/pace.ts';
import { LoadPeer } from '../../../scripts/bench/load/peer.ts';
import { readAnswer, writeOffer } from '../../../scripts/bench/load/sdp.ts';
import { type HttpSession, offerTo } from '../../../scripts/bench/load/whip.ts';
import { within } from '../../../scripts/bench/load/within.ts';
import { nowUs } from '../../../src/rtc/clock.ts';
import type { RtcpItem } from '../../../src/rtc/rtcp/parse.ts';
import { Microphone } from '../../mixer/harness/microphone.ts';

const SOUND_US = 20_000;
const REPORT_US = 1_000_000;
/** Packets of one picture that leave in one turn: a socket's buffer holds no more of a large one. */
const BURST = 60;

export interface ScriptedOrder {
  /** Whole URL of the WHIP endpoint. */
  endpoint: string;
  token: string;
  codec: 'vp8' | 'h264';
  fps: number;
  /** Payloads of the packets of a picture, by its number; where `keyFrame` is true, of one that needs none before it. */
  picture(index: number, keyFrame: boolean): readonly Buffer[];
}

/** A speaker without a browser who sends whatever pictures a test has made, by WHIP over DTLS-SRTP. */
export class ScriptedSpeaker implements Paced {
  readonly #order: ScriptedOrder;
  readonly #peer: LoadPeer;
  readonly #session: HttpSession;
  readonly #audio: OutgoingStream;
  readonly #video: OutgoingStream;
  readonly #microphone = new Microphone({ hz: 440, channels: 1, kbps: 32 });
  readonly #startUs = nowUs();
  /** Of the picture that is being sent. */
  #queue: { payload: Buffer; mediaUs: number; last: boolean }[] = [];
  #pictures = 0;
  #sounds = 0;
  #nextReportUs = 0;
  #keyFrame = true;
  keyFrameRequests = 0;

  /**
   * Resolves when media may flow. It belongs to a `Pace`, which calls `step`.
   * @throws Error when the server refuses, or nothing is connected within 10 s
   */
  static async open(order: ScriptedOrder): Promise<ScriptedSpeaker> {
    let speaker: ScriptedSpeaker | undefined;
    let isConnected: () => void = () => {};
    const connected = new Promise<void>((resolve) => {
      isConnected = resolve;
    });
    const peer = await LoadPeer.open({
      connected: () => isConnected(),
      rtp: () => {},
      rtcp: (items) => speaker?.hear(items),
    });
    try {
      const { ice, fingerprint } = peer;
      const first = randomInt(1, 2 ** 32 - 2);
      const ssrcs = { audio: first, video: first + 1, rtx: first + 2 };
      const offer = writeOffer({ direction: 'sendonly', codecs: [order.codec], ice, fingerprint, ssrcs });
      const session = await offerTo(order.endpoint, order.token, offer);
      const answer = readAnswer(session.answer);
      peer.connect(answer);
      await within(10_000, connected, 'the server did not connect to the speaker');
      const transport = { next: 0 };
      const stream = (media: 'audio' | 'video', rate: number) => {
        const section = answer.sections.find((each) => each.media === media)!;
        return new OutgoingStream(peer, section, rate, transport, 'scripted', ssrcs);
      };
      speaker = new ScriptedSpeaker(order, peer, session, stream('audio', 48_000), stream('video', 90_000));
      return speaker;
    } catch (error) {
      peer.close();
      throw error;
    }
  }

  private constructor(
    order: ScriptedOrder,
    peer: LoadPeer,
    session: HttpSession,
    audio: OutgoingStream,
    video: OutgoingStream,
  ) {
    this.#order = order;
    this.#peer = peer;
    this.#session = session;
    this.#audio = audio;
    this.#video = video;
    this.#microphone.amplitude = 0;
  }

  step(now: number): number {
    const ownUs = now - this.#startUs;
    const periodUs = 1e6 / this.#order.fps;
    for (; this.#pictures * periodUs <= ownUs; this.#pictures++) this.#shoot(this.#pictures, periodUs);
    for (const { payload, mediaUs, last } of this.#queue.splice(0, BURST))
      this.#video.send(payload, mediaUs, last);
    for (; (this.#sounds + 1) * SOUND_US <= ownUs; this.#sounds++) this.#record(this.#sounds);
    if (ownUs >= this.#nextReportUs) this.#report(now, ownUs);
    return now + 2000;
  }

  hear(items: RtcpItem[]): void {
    for (const item of items) {
      if (item.type === 'nack' && item.ssrc === this.#video.ssrc) this.#video.retransmit(item.sequences);
      else if (item.type === 'pli' || item.type === 'fir') {
        this.keyFrameRequests++;
        this.#keyFrame = true;
      }
    }
  }

  async close(): Promise<void> {
    await this.#session.leave();
    this.#peer.close();
    this.#microphone.close();
  }

  #shoot(index: number, periodUs: number): void {
    const payloads = this.#order.picture(index, this.#keyFrame);
    this.#keyFrame = false;
    payloads.forEach((payload, at) => {
      this.#queue.push({ payload, mediaUs: index * periodUs, last: at === payloads.length - 1 });
    });
  }

  #record(index: number): void {
    this.#audio.send(this.#microphone.record().packet.subarray(12), index * SOUND_US, index === 0);
  }

  #report(now: number, ownUs: number): void {
    this.#nextReportUs += REPORT_US;
    for (const stream of [this.#audio, this.#video]) this.#peer.sendRtcp(stream.report(now, ownUs));
  }
}
