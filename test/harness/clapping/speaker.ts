import { randomInt } from 'node:crypto';
import { OutgoingStream } from '../../../scripts/bench/load/outgoing.ts';
import type { Paced } from '../../../scripts/bench/load/pace.ts';
import { LoadPeer } from '../../../scripts/bench/load/peer.ts';
import { type Answer, readAnswer, writeOffer } from '../../../scripts/bench/load/sdp.ts';
import { type HttpSession, offerTo } from '../../../scripts/bench/load/whip.ts';
import { within } from '../../../scripts/bench/load/within.ts';
import { vp8Payloads } from '../../../scripts/bench/rtp/packetize.ts';
import { nowUs } from '../../../src/rtc/clock.ts';
import type { RtcpItem } from '../../../src/rtc/rtcp/parse.ts';
import { BLUE, Camera, WHITE } from '../../mixer/harness/camera.ts';
import { Microphone } from '../../mixer/harness/microphone.ts';
import { DelayedLink } from './delayedLink.ts';

const SIZE = { width: 160, height: 90 };
const FPS = 30;
const PICTURE_US = 1e6 / FPS;
const SOUND_US = 20_000;
const REPORT_US = 1_000_000;
/** A flash and a beep begin together with every second, and last for a fifth of it. */
const BEAT_PICTURES = FPS / 5;
const BEAT_SOUNDS = 1e6 / SOUND_US / 5;

export interface ClappingOrder {
  /** Whole URL of the WHIP endpoint. */
  endpoint: string;
  token: string;
  toneHz: number;
  /** How much faster its clocks run than ours, those of RTP and NTP alike. */
  ppm?: number;
  /** Held back on their way: its pictures, and its sound. */
  pictureDelayMs?: number;
  soundDelayMs?: number;
}

/** A speaker without a browser whose camera flashes when they beep, by WHIP over DTLS-SRTP. */
export class ClappingSpeaker implements Paced {
  readonly #camera = new Camera({ codec: 'vp8', ...SIZE, kbps: 300 });
  readonly #microphone: Microphone;
  readonly #order: ClappingOrder;
  #peer: LoadPeer | undefined;
  #link: DelayedLink | undefined;
  #session: HttpSession | undefined;
  #audio: OutgoingStream | undefined;
  #video: OutgoingStream | undefined;
  readonly #startUs = nowUs();
  #pictures = 0;
  #sounds = 0;
  #nextReportUs = 0;
  #keyFrame = true;

  /**
   * Resolves when media may flow. It belongs to a `Pace`, which calls `step`.
   * @throws Error when the server refuses, or nothing is connected within 10 s
   */
  static async open(order: ClappingOrder): Promise<ClappingSpeaker> {
    const speaker = new ClappingSpeaker(order);
    await speaker.#begin();
    return speaker;
  }

  private constructor(order: ClappingOrder) {
    this.#order = order;
    this.#microphone = new Microphone({ hz: order.toneHz, channels: 1, kbps: 48 });
  }

  step(now: number): number {
    const ownUs = this.#ownUs(now);
    for (; this.#pictures * PICTURE_US <= ownUs; this.#pictures++) this.#shoot(this.#pictures);
    // A packet of sound can leave when its last sample has been heard.
    for (; (this.#sounds + 1) * SOUND_US <= ownUs; this.#sounds++) this.#record(this.#sounds);
    if (ownUs >= this.#nextReportUs) this.#report(ownUs);
    return now + 2000;
  }

  async close(): Promise<void> {
    await this.#session?.leave();
    this.#peer?.close();
    this.#link?.close();
    this.#camera.close();
    this.#microphone.close();
  }

  /** Its own clock, from its start. */
  #ownUs(now: number): number {
    return (now - this.#startUs) * (1 + (this.#order.ppm ?? 0) / 1e6);
  }

  async #begin(): Promise<void> {
    let isConnected: () => void = () => {};
    const connected = new Promise<void>((resolve) => {
      isConnected = resolve;
    });
    this.#peer = await LoadPeer.open({
      connected: () => isConnected(),
      rtp: () => {},
      rtcp: (items) => this.#hear(items),
    });
    const { ice, fingerprint } = this.#peer;
    const first = randomInt(1, 2 ** 32 - 2);
    const ssrcs = { audio: first, video: first + 1, rtx: first + 2 };
    const offer = writeOffer({ direction: 'sendonly', codecs: ['vp8'], ice, fingerprint, ssrcs });
    this.#session = await offerTo(this.#order.endpoint, this.#order.token, offer);
    const answer = readAnswer(this.#session.answer);
    this.#link = await DelayedLink.open(delaysOf(this.#order, answer));
    this.#peer.connect({ ...answer, ...this.#link.towards(answer) });
    await within(10_000, connected, 'the server did not connect to the speaker');
    const transport = { next: 0 };
    const stream = (media: 'audio' | 'video', rate: number) => {
      const section = answer.sections.find((each) => each.media === media)!;
      return new OutgoingStream(this.#peer!, section, rate, transport, 'clapping', ssrcs);
    };
    this.#audio = stream('audio', 48_000);
    this.#video = stream('video', 90_000);
  }

  #shoot(index: number): void {
    const coded = this.#camera.coded(index % FPS < BEAT_PICTURES ? WHITE : BLUE, this.#keyFrame);
    this.#keyFrame = false;
    const payloads = vp8Payloads(coded, index).map((parts) => Buffer.concat(parts));
    payloads.forEach((payload, at) => {
      this.#video!.send(payload, index * PICTURE_US, at === payloads.length - 1);
    });
  }

  #record(index: number): void {
    this.#microphone.amplitude = index % (1e6 / SOUND_US) < BEAT_SOUNDS ? 0.2 : 0;
    this.#audio!.send(this.#microphone.record().packet.subarray(12), index * SOUND_US, index === 0);
  }

  #report(ownUs: number): void {
    this.#nextReportUs += REPORT_US;
    for (const stream of [this.#audio!, this.#video!]) {
      this.#peer!.sendRtcp(stream.report(this.#startUs + ownUs, ownUs));
    }
  }

  #hear(items: RtcpItem[]): void {
    for (const item of items) {
      if (item.type === 'nack' && item.ssrc === this.#video?.ssrc) this.#video.retransmit(item.sequences);
      else if (item.type === 'pli' || item.type === 'fir') this.#keyFrame = true;
    }
  }
}

/** RTP's header is readable under SRTP: the payload type tells pictures from sound. */
function delaysOf({ pictureDelayMs = 0, soundDelayMs = 0 }: ClappingOrder, { sections }: Answer) {
  const delays = new Map<number, number>();
  for (const { media, payloadType, rtx } of sections) {
    delays.set(payloadType, media === 'audio' ? soundDelayMs : pictureDelayMs);
    if (rtx !== undefined) delays.set(rtx, pictureDelayMs);
  }
  return (packet: Buffer) => (packet[0]! < 128 ? 0 : (delays.get(packet[1]! & 0x7f) ?? 0));
}
