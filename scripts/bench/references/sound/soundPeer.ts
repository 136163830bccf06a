import { randomInt } from 'node:crypto';
import { nowUs } from '../../../../src/rtc/clock.ts';
import { writeReceiverReport, writeSourceDescription } from '../../../../src/rtc/rtcp/reports.ts';
import { IncomingStream } from '../../load/incoming.ts';
import { OutgoingStream } from '../../load/outgoing.ts';
import type { Paced } from '../../load/pace.ts';
import { LoadPeer } from '../../load/peer.ts';
import { type AnsweredSection, readAnswer, writeSoundOffer } from '../../load/sdp.ts';
import type { HttpSession } from '../../load/whip.ts';
import { within } from '../../load/within.ts';
import type { Part } from './venue.ts';

const CONNECT_MS = 10_000;
const SOUND_US = 20_000;
const REPORT_US = 1_000_000;

/** A connection with sound alone: sends a loop of it, counts what comes, reports both. */
export class SoundPeer implements Paced {
  readonly #sound: readonly Buffer[];
  readonly #ssrc = randomInt(1, 2 ** 32);
  readonly #startUs = nowUs();
  #peer: LoadPeer | undefined;
  #session: HttpSession | undefined;
  #section: AnsweredSection | undefined;
  #outgoing: OutgoingStream | undefined;
  #incoming: IncomingStream | undefined;
  #sounds = 0;
  #nextReportUs = this.#startUs;
  /** Hears each packet decrypted; without it none is. */
  each: ((packet: Buffer, arrivalUs: number) => void) | undefined;
  packets = 0;
  bytes = 0;

  /**
   * Resolves when it is connected. It belongs to a `Pace`, which calls `step`.
   * @param sound Opus packets of 20 ms, sent over and over where the connection goes that way
   * @throws Error when the venue refuses, or nothing is connected within 10 s
   */
  static async open(part: Part, sound: readonly Buffer[]): Promise<SoundPeer> {
    const peer = new SoundPeer(part.direction === 'recvonly' ? [] : sound);
    try {
      await peer.#begin(part);
      return peer;
    } catch (error) {
      await peer.close();
      throw error;
    }
  }

  private constructor(sound: readonly Buffer[]) {
    this.#sound = sound;
  }

  step(now: number): number {
    while (this.#soundDueUs() <= now) {
      const payload = this.#sound[this.#sounds % this.#sound.length]!;
      this.#outgoing?.send(payload, this.#sounds * SOUND_US, this.#sounds === 0);
      this.#sounds++;
    }
    if (now >= this.#nextReportUs) this.#report(now);
    return Math.min(this.#soundDueUs(), this.#nextReportUs);
  }

  async close(): Promise<void> {
    await this.#session?.leave();
    this.#peer?.close();
  }

  async #begin({ negotiate, direction }: Part): Promise<void> {
    let isConnected: () => void = () => {};
    const connected = new Promise<void>((resolve) => {
      isConnected = resolve;
    });
    const peer = await LoadPeer.open({
      connected: () => isConnected(),
      rtp: (packet, arrivalUs) => this.#receive(packet, arrivalUs),
      rtcp: () => {},
    });
    this.#peer = peer;
    const { ice, fingerprint } = peer;
    const ssrcs = { audio: this.#ssrc, video: 0, rtx: 0 };
    const sends = direction !== 'recvonly';
    this.#session = await negotiate(
      writeSoundOffer({ direction, ice, fingerprint, ...(sends && { ssrcs }) }),
    );
    const answer = readAnswer(this.#session.answer);
    this.#section = answer.sections[0]!;
    peer.connect(answer);
    await within(CONNECT_MS, connected, 'somebody with sound alone was not connected');
    if (!sends) return;
    const cname = Math.random().toString(36).slice(2);
    this.#outgoing = new OutgoingStream(peer, this.#section, 48_000, { next: 0 }, cname, ssrcs);
  }

  #soundDueUs(): number {
    if (this.#sound.length === 0) return Number.POSITIVE_INFINITY;
    return this.#startUs + this.#sounds * SOUND_US;
  }

  #receive(packet: Buffer, arrivalUs: number): void {
    if (this.#section === undefined) return;
    this.packets++;
    this.bytes += packet.length;
    this.#incoming ??= new IncomingStream(this.#section, packet.readUInt32BE(8));
    this.#incoming.packet(packet, arrivalUs);
    this.#incoming.missing = [];
    if (this.each === undefined) return;
    const plain = this.#peer!.unprotect(packet);
    if (plain !== null) this.each(plain, arrivalUs);
  }

  #report(now: number): void {
    this.#nextReportUs += REPORT_US;
    const blocks = this.#incoming ? [this.#incoming.report(now)] : [];
    const parts = [writeReceiverReport(this.#ssrc, blocks), writeSourceDescription(this.#ssrc, 'sound')];
    if (this.#outgoing) this.#peer!.sendRtcp(this.#outgoing.report(now, now - this.#startUs));
    if (blocks.length > 0) this.#peer!.sendRtcp(Buffer.concat(parts));
  }
}
