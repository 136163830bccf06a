/**
 * What one viewer reports (RTCP), taken with care: whatever it says concerns itself alone, is bounded in
 * number and value, and counts only for streams that it is sent.
 */

import { ntpUs } from '../clock.ts';
import { compactNtp, type ReportBlock } from '../rtcp/packet.ts';
import { parseRtcp, type RtcpItem } from '../rtcp/parse.ts';
import { sequenceDistance } from '../sequence.ts';
import { TokenBucket } from '../tokenBucket.ts';
import type { Adaptation } from './bandwidth/adaptation.ts';
import { SoundLoss } from './bandwidth/soundLoss.ts';
import type { OutgoingTrack } from './track.ts';

/** Lost packets that are looked up per second, and at once; what is more is not heard. */
const NACKED: [perSecond: number, burst: number] = [3_000, 1_500];
/** IP and UDP of a packet, and what SRTP adds. */
const WIRE_BYTES = 28 + 12 + 10;

interface Heard {
  highest: number;
  fractionLost: number;
}

export class Feedback {
  readonly soundLoss = new SoundLoss();
  readonly #tracks: readonly OutgoingTrack[];
  readonly #adaptation: Adaptation;
  readonly #nacked = new TokenBucket(...NACKED);
  /** Last report on each of our streams. */
  readonly #reports = new Map<number, Heard>();

  constructor(tracks: readonly OutgoingTrack[], adaptation: Adaptation) {
    this.#tracks = tracks;
    this.#adaptation = adaptation;
  }

  /** Loss the viewer reported last, 0..1. */
  get lossFraction(): number {
    return Math.max(0, ...[...this.#reports.values()].map(({ fractionLost }) => fractionLost));
  }

  push(compound: Buffer, nowUs: number): void {
    const { packets, bytes } = this.#sent;
    this.#adaptation.downlink.heard(packets, bytes, nowUs);
    for (const item of parseRtcp(compound)) this.#take(item, nowUs);
    this.#adaptation.react(nowUs);
  }

  #take(item: RtcpItem, nowUs: number): void {
    if (item.type === 'report-block') this.#report(item.block, nowUs);
    else if (item.type === 'remb') this.#adaptation.downlink.estimated(item.bps, nowUs);
    else if (item.type === 'pli') this.#trackOf(item.ssrc)?.keyFrameWanted(nowUs);
    else if (item.type === 'fir') {
      for (const ssrc of item.ssrcs) this.#trackOf(ssrc)?.keyFrameWanted(nowUs);
    } else if (item.type === 'nack') this.#nack(item.ssrc, item.sequences, nowUs);
  }

  #nack(ssrc: number, sequences: number[], nowUs: number): void {
    const track = this.#trackOf(ssrc);
    if (track === undefined || !this.#nacked.take(nowUs, sequences.length)) return;
    const { downlink } = this.#adaptation;
    const lost = track.outlet.repair(sequences, downlink.roundTrip.ms, nowUs);
    const { packets, bytes } = this.#sent;
    downlink.nacked(lost, packets, bytes, nowUs);
  }

  #report(block: ReportBlock, nowUs: number): void {
    const track = this.#trackOf(block.ssrc);
    const isRepair = track === undefined && this.#tracks.some(({ outlet }) => outlet.rtxSsrc === block.ssrc);
    if (track === undefined && !isRepair) return;
    const before = this.#reports.get(block.ssrc);
    const highest = block.highestSequence & 0xffff;
    const fraction = block.fractionLost / 256;
    this.#reports.set(block.ssrc, { highest, fractionLost: isRepair ? 0 : fraction });
    if (before !== undefined) {
      const packets = Math.max(0, sequenceDistance(highest, before.highest));
      this.#adaptation.downlink.reported(packets, fraction, nowUs);
      if (!isRepair) this.soundLoss.reported(packets, fraction, nowUs);
    }
    this.#roundTrip(block, nowUs);
  }

  /** RFC 3550 6.4.1. */
  #roundTrip(block: ReportBlock, nowUs: number): void {
    if (block.lastSenderReport === 0) return;
    const now = compactNtp(ntpUs(nowUs));
    const elapsed = (now - block.lastSenderReport - block.delaySinceLastSenderReport) >>> 0;
    this.#adaptation.downlink.roundTrip.push((elapsed / 65536) * 1000, nowUs);
  }

  get #sent(): { packets: number; bytes: number } {
    let packets = 0;
    let bytes = 0;
    for (const { outlet } of this.#tracks) {
      packets += outlet.packets;
      bytes += outlet.bytes + outlet.repairedBytes + outlet.packets * WIRE_BYTES;
    }
    return { packets, bytes };
  }

  #trackOf(ssrc: number): OutgoingTrack | undefined {
    return this.#tracks.find(({ outlet }) => outlet.ssrc === ssrc);
  }
}
