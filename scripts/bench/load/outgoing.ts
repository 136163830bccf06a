import { randomInt } from 'node:crypto';
import { ntpUs } from '../../../src/rtc/clock.ts';
import { writeSenderReport, writeSourceDescription } from '../../../src/rtc/rtcp/reports.ts';
import { wrapRtx } from '../../../src/rtc/rtp/rtx.ts';
import type { LoadPeer } from './peer.ts';
import type { AnsweredSection, Ssrcs } from './sdp.ts';

/** Packets kept for retransmission, a second of 720p; a divisor of 65,536. */
const KEPT = 256;
const MAX_PACKET = 1500;
const ONE_BYTE_EXTENSIONS = 0xbede;
const EMPTY = Buffer.alloc(0);
/** RFC 6464: with voice, 30 dB below overload. */
const VOICE_LEVEL = 0x80 | 30;

/** Numbers every packet of one peer, whatever its stream (transport-wide congestion control). */
export interface TransportSequence {
  next: number;
}

/** One RTP stream of a publisher: header, extensions, reports, and what was lost once more. */
export class OutgoingStream {
  readonly ssrc: number;
  readonly section: AnsweredSection;
  packets = 0;
  /** Payload alone, as sender reports count it; and whole datagrams, retransmissions included. */
  bytes = 0;
  sentBytes = 0;
  retransmissions = 0;
  readonly #peer: LoadPeer;
  readonly #transport: TransportSequence;
  readonly #clockRate: number;
  readonly #firstTimestamp = randomInt(2 ** 32);
  readonly #cname: string;
  /** Ring by sequence number. */
  readonly #kept = Array.from({ length: KEPT }, () => ({
    sequence: -1,
    memory: Buffer.allocUnsafeSlow(MAX_PACKET),
    packet: EMPTY,
  }));
  readonly #rtxSsrc: number;
  // Below 32,768, so that the first packets cannot be taken for ones before a wrap (RFC 3711 3.3.1).
  #sequence = randomInt(0x8000);
  #rtxSequence = randomInt(0x8000);

  constructor(
    peer: LoadPeer,
    section: AnsweredSection,
    clockRate: number,
    transport: TransportSequence,
    cname: string,
    ssrcs: Ssrcs,
  ) {
    this.#peer = peer;
    this.section = section;
    this.ssrc = ssrcs[section.media];
    this.#rtxSsrc = ssrcs.rtx;
    this.#clockRate = clockRate;
    this.#transport = transport;
    this.#cname = cname;
  }

  /** @param mediaUs since the stream's start, of the picture or sound that the payload is of */
  send(payload: Buffer, mediaUs: number, marker: boolean): void {
    const kept = this.#kept[this.#sequence % KEPT]!;
    const header = this.#writeHeader(kept.memory, this.#timestamp(mediaUs), marker);
    const length = header + payload.copy(kept.memory, header);
    kept.sequence = this.#sequence;
    kept.packet = kept.memory.subarray(0, length);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.packets++;
    this.bytes += payload.length;
    this.sentBytes += this.#peer.sendRtp(kept.packet);
  }

  retransmit(sequences: readonly number[]): void {
    const rtx = this.section.rtx;
    if (rtx === undefined) return;
    for (const sequence of sequences) {
      const { packet, sequence: held } = this.#kept[sequence % KEPT]!;
      if (held !== sequence) continue;
      const header = this.#headerLength();
      const again = Buffer.allocUnsafe(12 + packet.length - header + 2);
      packet.copy(again, 0, 0, 12);
      again[0] = 0x80;
      packet.copy(again, 12, header);
      this.#rtxSequence = (this.#rtxSequence + 1) & 0xffff;
      wrapRtx(again, 0, again.length - 2, {
        ssrc: this.#rtxSsrc,
        payloadType: rtx,
        sequence: this.#rtxSequence,
      });
      this.retransmissions++;
      this.sentBytes += this.#peer.sendRtp(again);
    }
  }

  /** A sender report for this moment, `sinceStartUs` after the stream's start. */
  report(now: number, sinceStartUs: number): Buffer {
    const report = {
      ssrc: this.ssrc,
      ntpUs: ntpUs(now),
      rtpTimestamp: this.#timestamp(sinceStartUs),
      packets: this.packets,
      bytes: this.bytes,
    };
    return Buffer.concat([writeSenderReport(report), writeSourceDescription(this.ssrc, this.#cname)]);
  }

  #timestamp(mediaUs: number): number {
    return (this.#firstTimestamp + Math.round((mediaUs * this.#clockRate) / 1e6)) % 0x100000000;
  }

  #headerLength(): number {
    const { transportCc, audioLevel } = this.section;
    const words = Math.ceil(((transportCc === undefined ? 0 : 3) + (audioLevel === undefined ? 0 : 2)) / 4);
    return words === 0 ? 12 : 16 + 4 * words;
  }

  #writeHeader(packet: Buffer, timestamp: number, marker: boolean): number {
    const length = this.#headerLength();
    packet[0] = length > 12 ? 0x90 : 0x80;
    packet[1] = this.section.payloadType | (marker ? 0x80 : 0);
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(timestamp, 4);
    packet.writeUInt32BE(this.ssrc, 8);
    if (length > 12) this.#writeExtensions(packet, length);
    return length;
  }

  /** RFC 8285 4.2. */
  #writeExtensions(packet: Buffer, end: number): void {
    const { transportCc, audioLevel } = this.section;
    packet.writeUInt16BE(ONE_BYTE_EXTENSIONS, 12);
    packet.writeUInt16BE((end - 16) / 4, 14);
    let at = 16;
    if (transportCc !== undefined) {
      packet[at++] = (transportCc << 4) | 1;
      packet.writeUInt16BE(this.#transport.next, at);
      this.#transport.next = (this.#transport.next + 1) & 0xffff;
      at += 2;
    }
    if (audioLevel !== undefined) {
      packet[at++] = audioLevel << 4;
      packet[at++] = VOICE_LEVEL;
    }
    packet.fill(0, at, end);
  }
}
