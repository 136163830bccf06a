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
interface Heard {
  highest: number;
  fractionLost: number;
  us: number;
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
    this.#adaptation.downlink.heard(nowUs);
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
    track.outlet.repair(sequences, downlink.roundTrip.ms, nowUs);
  }

  #report(block: ReportBlock, nowUs: number): void {
    const track = this.#trackOf(block.ssrc);
    const isRepair = track === undefined && this.#tracks.some(({ outlet }) => outlet.rtxSsrc === block.ssrc);
    if (track === undefined && !isRepair) return;
    const before = this.#reports.get(block.ssrc);
    const highest = block.highestSequence & 0xffff;
    const fraction = block.fractionLost / 256;
    this.#reports.set(block.ssrc, { highest, fractionLost: isRepair ? 0 : fraction, us: nowUs });
    track?.outlet.reached(highest);
    if (before !== undefined) {
      const packets = Math.max(0, sequenceDistance(highest, before.highest));
      this.#adaptation.downlink.reported(packets, fraction, before.us);
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

  #trackOf(ssrc: number): OutgoingTrack | undefined {
    return this.#tracks.find(({ outlet }) => outlet.ssrc === ssrc);
  }
}
