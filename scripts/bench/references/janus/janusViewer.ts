import { randomInt } from 'node:crypto';
import { nowUs } from '../../../../src/rtc/clock.ts';
import { writeReceiverReport, writeSourceDescription } from '../../../../src/rtc/rtcp/reports.ts';
import { IncomingStream } from '../../load/incoming.ts';
import { LoadPeer } from '../../load/peer.ts';
import { type AnsweredSection, readAnswer } from '../../load/sdp.ts';
import { within } from '../../load/within.ts';
import { answerTo } from './answer.ts';
import type { JanusHandle } from './api.ts';
import { type Subscription, startSubscription } from './room.ts';

const REPORT_MS = 1_000;
const FIRST_PACKET_MS = 10_000;

/** A viewer of Janus that counts and reports; it decrypts nothing. */
export class JanusViewer {
  readonly #ssrc = randomInt(1, 2 ** 32);
  readonly #streams = new Map<number, IncomingStream>();
  #peer: LoadPeer | undefined;
  #handle: JanusHandle | undefined;
  #sections: AnsweredSection[] = [];
  #timer: NodeJS.Timeout | undefined;
  packets = 0;

  /** Resolves with the first packet. @throws Error when there is none within 10 s */
  static async join(subscribe: () => Promise<Subscription>): Promise<JanusViewer> {
    const viewer = new JanusViewer();
    try {
      await viewer.#begin(subscribe);
      return viewer;
    } catch (error) {
      await viewer.close();
      throw error;
    }
  }

  get pictures(): number {
    return [...this.#streams.values()]
      .filter(({ section }) => section.media === 'video')
      .reduce((sum, { counts }) => sum + counts.pictures, 0);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#handle?.close();
    this.#peer?.close();
  }

  async #begin(subscribe: () => Promise<Subscription>): Promise<void> {
    let isFirst: () => void = () => {};
    const first = new Promise<void>((resolve) => {
      isFirst = resolve;
    });
    const peer = await LoadPeer.open({
      connected: () => {},
      rtp: (packet, arrivalUs) => {
        this.#count(packet, arrivalUs);
        isFirst();
      },
      rtcp: () => {},
    });
    this.#peer = peer;
    const { handle, offer } = await subscribe();
    this.#handle = handle;
    const remote = readAnswer(offer);
    this.#sections = remote.sections;
    await startSubscription(handle, answerTo(offer, peer.ice, peer.fingerprint));
    peer.connect(remote, false);
    await within(FIRST_PACKET_MS, first, 'Janus sent a viewer nothing');
    this.#timer = setInterval(() => this.#report(), REPORT_MS);
  }

  #count(packet: Buffer, arrivalUs: number): void {
    this.packets++;
    const ssrc = packet.readUInt32BE(8);
    let stream = this.#streams.get(ssrc);
    if (!stream) {
      const section = this.#sections.find((each) => each.ssrc === ssrc);
      if (!section) return;
      stream = new IncomingStream(section, ssrc);
      this.#streams.set(ssrc, stream);
    }
    stream.packet(packet, arrivalUs);
    stream.missing = [];
  }

  #report(): void {
    const blocks = [...this.#streams.values()].map((stream) => stream.report(nowUs())).slice(0, 31);
    const report = writeReceiverReport(this.#ssrc, blocks);
    this.#peer?.sendRtcp(Buffer.concat([report, writeSourceDescription(this.#ssrc, 'viewer')]));
  }
}
