import { randomInt } from 'node:crypto';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { nowUs } from '../../../src/rtc/clock.ts';
import { writeNack, writePli, writeRemb } from '../../../src/rtc/rtcp/feedback.ts';
import type { RtcpItem } from '../../../src/rtc/rtcp/parse.ts';
import { writeReceiverReport, writeSourceDescription } from '../../../src/rtc/rtcp/reports.ts';
import { IncomingStream, type StreamCounts } from './incoming.ts';
import { LoadPeer } from './peer.ts';
import type { Negotiate } from './publisher.ts';
import { type AnsweredSection, readAnswer, writeOffer } from './sdp.ts';
import type { HttpSession } from './whip.ts';
import { within } from './within.ts';

const REPORT_MS = 1_000;
/** What a browser on a good line has come to believe of it, per stream: no reason to send less. */
const ESTIMATE_BPS_PER_STREAM = 5_000_000;
const FIRST_PICTURE_MS = 15_000;

export interface ViewerOptions {
  /** Pairs of sound and pictures it offers to receive. */
  pairs: number;
  codecs: readonly VideoCodec[];
  /** Hears every packet decrypted; without it none is. */
  each?: (section: AnsweredSection, packet: Buffer, arrivalUs: number) => void;
  /** Hears sender reports of streams that have begun. */
  report?: (section: AnsweredSection, report: { ntpUs: number; rtpTimestamp: number }) => void;
}

/** Receives, counts and reports like a browser on a good line; decodes nothing by itself. */
export class LoadViewer {
  readonly #peer: LoadPeer;
  readonly #options: ViewerOptions;
  readonly #ssrc = randomInt(1, 2 ** 32);
  readonly #streams = new Map<number, IncomingStream>();
  readonly #repairs = new Map<number, IncomingStream>();
  #session: HttpSession | undefined;
  #sections: AnsweredSection[] = [];
  #timer: NodeJS.Timeout | undefined;
  #settle: () => void = () => {};
  #closed = false;

  /**
   * Resolves when every stream of pictures has brought its first one.
   * @returns the viewer, and how long it took from sending the offer, ms
   * @throws Error when the server refuses, or not all of them begin within 15 s
   */
  static async join(
    negotiate: Negotiate,
    options: ViewerOptions,
  ): Promise<{ viewer: LoadViewer; joinMs: number }> {
    let viewer: LoadViewer | undefined;
    const peer = await LoadPeer.open({
      connected: () => viewer?.connected(),
      rtp: (packet, arrivalUs) => viewer?.rtp(packet, arrivalUs),
      rtcp: (items, arrivalUs) => viewer?.rtcp(items, arrivalUs),
    });
    viewer = new LoadViewer(peer, options);
    try {
      return { viewer, joinMs: await viewer.#begin(negotiate) };
    } catch (error) {
      await viewer.close();
      throw error;
    }
  }

  private constructor(peer: LoadPeer, options: ViewerOptions) {
    this.#peer = peer;
    this.#options = options;
  }

  get counts(): StreamCounts[] {
    return [...this.#streams.values()].map((stream) => stream.counts);
  }

  /** Of pictures alone. */
  get videoCounts(): StreamCounts[] {
    return this.#videos().map((stream) => stream.counts);
  }

  begin(): void {
    for (const stream of this.#streams.values()) stream.begin();
  }

  /** Its decoder cannot go on there. */
  requestKeyFrame(section: AnsweredSection): void {
    const stream = this.#streamOf(section);
    if (stream !== undefined) this.#send([writePli(this.#ssrc, stream.ssrc)]);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#session?.leave();
    this.#peer.close();
  }

  async #begin(negotiate: Negotiate): Promise<number> {
    const { ice, fingerprint } = this.#peer;
    const { pairs, codecs } = this.#options;
    const first = new Promise<void>((resolve) => {
      this.#settle = resolve;
    });
    const offeredUs = nowUs();
    this.#session = await negotiate(writeOffer({ direction: 'recvonly', pairs, codecs, ice, fingerprint }));
    const answer = readAnswer(this.#session.answer);
    this.#sections = answer.sections;
    this.#peer.connect(answer);
    await within(FIRST_PICTURE_MS, first, `not all of ${pairs} streams began`);
    return (Math.max(...this.#videos().map((stream) => stream.firstUs!)) - offeredUs) / 1000;
  }

  connected(): void {
    this.#report();
    this.#timer = setInterval(() => this.#report(), REPORT_MS);
  }

  rtp(packet: Buffer, arrivalUs: number): void {
    const ssrc = packet.readUInt32BE(8);
    const stream = this.#streams.get(ssrc);
    if (stream === undefined) {
      this.#meet(packet, ssrc, arrivalUs);
      return;
    }
    const wasThere = stream.firstUs !== undefined;
    stream.packet(packet, arrivalUs);
    if (stream.missing.length > 0) this.#askAgain(stream);
    if (!wasThere && stream.firstUs !== undefined) this.#check();
    if (this.#options.each === undefined) return;
    const plain = this.#peer.unprotect(packet);
    if (plain !== null) this.#options.each(stream.section, plain, arrivalUs);
  }

  rtcp(items: RtcpItem[], arrivalUs: number): void {
    for (const item of items) {
      if (item.type !== 'sender-report') continue;
      const stream = this.#streams.get(item.report.ssrc);
      if (stream === undefined) continue;
      stream.senderReport(item.report.ntpUs, arrivalUs);
      this.#options.report?.(stream.section, item.report);
    }
  }

  /** The first packet of an SSRC: the answer says whose it is, or its payload type does. */
  #meet(packet: Buffer, ssrc: number, arrivalUs: number): void {
    const repaired = this.#repairs.get(ssrc);
    if (repaired !== undefined) {
      repaired.retransmitted(packet.length);
      return;
    }
    const payloadType = packet[1]! & 0x7f;
    const isTaken = (section: AnsweredSection) => this.#streamOf(section) !== undefined;
    const repairs = this.#sections.find((each) => each.rtxSsrc === ssrc);
    const section =
      this.#sections.find((each) => each.ssrc === ssrc) ??
      this.#sections.find(
        (each) => each.ssrc === undefined && each.payloadType === payloadType && !isTaken(each),
      );
    if (section !== undefined) {
      this.#streams.set(ssrc, new IncomingStream(section, ssrc));
      this.rtp(packet, arrivalUs);
    } else if (repairs !== undefined) {
      const stream = this.#streamOf(repairs);
      if (stream !== undefined) this.#repairs.set(ssrc, stream);
    }
  }

  #streamOf(section: AnsweredSection): IncomingStream | undefined {
    return [...this.#streams.values()].find((stream) => stream.section === section);
  }

  #videos(): IncomingStream[] {
    return [...this.#streams.values()].filter(({ section }) => section.media === 'video');
  }

  #check(): void {
    const begun = this.#videos().filter(({ firstUs }) => firstUs !== undefined);
    if (begun.length < this.#options.pairs) return;
    // Its estimate now, not when the next report is due: the server may be waiting for one.
    this.#report();
    this.#settle();
  }

  #askAgain(stream: IncomingStream): void {
    const sequences = stream.missing;
    stream.missing = [];
    if (stream.section.media === 'video') this.#send([writeNack(this.#ssrc, stream.ssrc, sequences)]);
  }

  #report(): void {
    const now = nowUs();
    const blocks = [...this.#streams.values()].map((stream) => stream.report(now)).slice(0, 31);
    const parts = [writeReceiverReport(this.#ssrc, blocks), writeSourceDescription(this.#ssrc, 'viewer')];
    const videos = this.#videos().map(({ ssrc }) => ssrc);
    if (videos.length > 0) {
      parts.push(writeRemb(this.#ssrc, ESTIMATE_BPS_PER_STREAM * videos.length, videos));
    }
    this.#send(parts);
  }

  #send(parts: Buffer[]): void {
    this.#peer.sendRtcp(Buffer.concat(parts));
  }
}
