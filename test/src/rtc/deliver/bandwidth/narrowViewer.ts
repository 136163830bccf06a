/**
 * A viewer behind a network, both simulated, in front of the real sending side: forwarders, tracks, feedback
 * and adaptation. Time passes in steps and costs none.
 */

import { jest } from '@jest/globals';
import { writePicture } from '../../../../../mixer/protocol/picture.ts';
import { ntpUs } from '../../../../../src/rtc/clock.ts';
import { Adaptation } from '../../../../../src/rtc/deliver/bandwidth/adaptation.ts';
import { Feedback } from '../../../../../src/rtc/deliver/feedback.ts';
import { Forwarder } from '../../../../../src/rtc/deliver/forwarder.ts';
import { Pacer } from '../../../../../src/rtc/deliver/pacer.ts';
import { PictureSlots } from '../../../../../src/rtc/deliver/pictureSlots.ts';
import { sentOver } from '../../../../../src/rtc/deliver/subscriber.ts';
import { OutgoingTrack } from '../../../../../src/rtc/deliver/track.ts';
import { writeNack, writePli, writeRemb } from '../../../../../src/rtc/rtcp/feedback.ts';
import { compactNtp } from '../../../../../src/rtc/rtcp/packet.ts';
import { writeReceiverReport } from '../../../../../src/rtc/rtcp/reports.ts';
import { sequenceOf, ssrcOf, timestampOf } from '../../../../../src/rtc/rtp/header.ts';
import type { OfferedCodec } from '../../../../../src/rtc/sdp/codecs.ts';
import { PacketBatch } from '../../../../../src/rtc/srtp/batch.ts';
import { rtpPacket } from '../../packets.ts';
import { seeded } from '../../random.ts';
import { vp8 } from '../viewers.ts';
import { Reception } from './reception.ts';
import { SimulatedEncoder } from './simulatedEncoder.ts';

export interface Network {
  kbps: number;
  queueMs: number;
  /** Share of packets lost at random. */
  loss: number;
  delayMs: number;
}

const STEP_MS = 5;
const WIRE_BYTES = 50;
const NACK_AGAIN_US = 120_000;
const opus: OfferedCodec = { ...vp8, codec: 'opus', payloadType: 111, clockRate: 48_000, rtx: undefined };

export const ladder = [
  { source: '720', height: 720, kbps: 2_000 },
  { source: '360', height: 360, kbps: 600 },
  { source: '180', height: 180, kbps: 180 },
];

export class NarrowViewer {
  readonly network: Network;
  readonly encoders: SimulatedEncoder[];
  readonly adaptation: Adaptation;
  readonly feedback: Feedback;
  /** Sound packets that never came, and all that were sent. */
  soundLost = 0;
  soundSent = 0;
  /** Longest time in which sound stood in the queue, ms. */
  soundDelayMs = 0;
  /** Packets of nothing but padding that came. */
  padding = 0;
  shrinks: number[] = [];
  shrink = (_: number): boolean => false;
  /** Whether the viewer says by REMB what it gets. */
  remb = false;
  silent = false;
  readonly heights: [atS: number, height: number][] = [];
  readonly track: OutgoingTrack;
  readonly #sound: OutgoingTrack;
  readonly #slots: PictureSlots;
  readonly #pacer: Pacer;
  readonly #random: () => number;
  readonly #soundForwarder: Forwarder;
  #soundSequence = 1;
  #nowUs = 10_000_000;
  #freeUs = 0;
  #onTheWay: { atUs: number; done: () => void }[] = [];
  readonly #video = new Reception();
  #nextPictureUs = 0;
  #nextSoundUs = 0;
  #nextReportUs = 0;
  #arrivedBytes = 0;

  /** @param codec of the picture, with or without RTX */
  constructor(network: Partial<Network>, seed = 1, codec: OfferedCodec = vp8) {
    this.network = { kbps: 100_000, queueMs: 300, loss: 0, delayMs: 10, ...network };
    this.#random = seeded(seed);
    this.#pacer = new Pacer(() => this.#nowUs);
    this.encoders = ladder.map(({ source, kbps }) => new SimulatedEncoder(source, kbps));
    this.track = this.#newTrack('video', codec);
    this.#sound = this.#newTrack('audio', opus);
    this.#soundForwarder = new Forwarder('sound', () => {});
    this.#soundForwarder.describe({ source: 'sound', media: 'audio', codec: 'opus' });
    this.#slots = new PictureSlots(
      [{ track: this.track, codecs: ['vp8'] }],
      (source) => this.encoders.find(({ forwarder }) => forwarder.source === source)!.forwarder,
    );
    const tracks = [this.track, this.#sound];
    this.adaptation = new Adaptation(this.#slots, this.#pacer, this.#nowUs, {
      sent: () => sentOver(tracks),
      forget: () => {
        for (const { outlet } of tracks) outlet.forget();
      },
      probe: (bytes, us) => this.track.outlet.probe(bytes, us),
      ping: () => this.#ping(),
      pace: (kbps) => this.track.outlet.pace(kbps),
      shrink: (kbps) => {
        this.shrinks.push(kbps);
        return this.shrink(kbps);
      },
    });
    this.adaptation.sounds = 1;
    this.adaptation.answered(2 * this.network.delayMs, this.#nowUs);
    this.feedback = new Feedback(tracks, this.adaptation);
    this.#slots.feed(0, { vp8: ladder }, this.#nowUs);
    this.#sound.select(this.#soundForwarder, this.#nowUs);
    this.track.open(this.#nowUs);
    this.#sound.open(this.#nowUs);
  }

  get nowUs(): number {
    return this.#nowUs;
  }

  get height(): number {
    return this.#slots.heightOf(0) ?? 0;
  }

  get keyFrames(): number {
    return this.encoders.reduce((sum, { keyFrames }) => sum + keyFrames, 0);
  }

  /** Packets of pictures that have not come, of those before the last one that has. */
  get missing(): number {
    return this.#video.missing.size;
  }

  limit(maxHeight: number | null): void {
    this.#slots.limit(maxHeight, this.#nowUs);
  }

  run(seconds: number): void {
    for (let ms = 0; ms < seconds * 1000; ms += STEP_MS) this.#step();
  }

  close(): void {
    this.adaptation.close();
    this.track.close();
    this.#sound.close();
    this.#pacer.close();
    for (const { forwarder } of this.encoders) forwarder.close();
  }

  #newTrack(media: 'video' | 'audio', codec: OfferedCodec): OutgoingTrack {
    const batch = new PacketBatch();
    const flush = () => {
      for (let i = 0; i < batch.count; i++) {
        const at = batch.starts[i]!;
        this.#down(Buffer.from(batch.bytes.subarray(at, at + batch.lengths[i]!)));
      }
      batch.clear();
    };
    const events = {
      batch,
      flush,
      pacer: this.#pacer,
      started: () => this.#started(media),
      changed: () => {},
    };
    return new OutgoingTrack(media, [codec], events);
  }

  #started(media: string): void {
    if (media === 'video') this.adaptation.begin(this.#nowUs);
  }

  #step(): void {
    this.#nowUs += STEP_MS * 1000;
    jest.advanceTimersByTime(STEP_MS);
    for (const each of this.#onTheWay.filter(({ atUs }) => atUs <= this.#nowUs)) each.done();
    this.#onTheWay = this.#onTheWay.filter(({ atUs }) => atUs > this.#nowUs);
    if (this.#nowUs >= this.#nextPictureUs) this.#pictures();
    if (this.#nowUs >= this.#nextSoundUs) this.#sounds();
    this.#nack();
    if (this.#nowUs >= this.#nextReportUs) this.#report();
  }

  #pictures(): void {
    this.#nextPictureUs = this.#nowUs + 33_000;
    for (const encoder of this.encoders) {
      const used = this.track.sources.includes(encoder.forwarder.source);
      encoder.encode(used, this.#nowUs, this.#nowUs);
    }
    if (this.heights.at(-1)?.[1] !== this.height) this.heights.push([this.#nowUs / 1e6 - 10, this.height]);
  }

  #sounds(): void {
    this.#nextSoundUs = this.#nowUs + 20_000;
    const timestamp = Math.round(this.#nowUs * 0.048) >>> 0;
    const payload = Buffer.alloc(160);
    const packet = rtpPacket({ sequence: this.#soundSequence++ & 0xffff, timestamp, payload });
    this.#soundForwarder.push(
      writePicture({ keyFrame: true, rtpTimestamp: timestamp, ptsUs: this.#nowUs, packets: [packet] }),
      this.#nowUs,
    );
    this.soundSent++;
  }

  /** Into the network, towards the viewer. */
  #down(packet: Buffer): void {
    const { kbps, queueMs, loss } = this.network;
    const startUs = Math.max(this.#nowUs, this.#freeUs);
    const isSound = ssrcOf(packet) === this.#sound.outlet.ssrc;
    if (startUs - this.#nowUs > queueMs * 1000 || this.#random() < loss) {
      if (isSound) this.soundLost++;
      return;
    }
    this.#freeUs = startUs + ((packet.length + WIRE_BYTES) * 8_000) / kbps;
    if (isSound) this.soundDelayMs = Math.max(this.soundDelayMs, (this.#freeUs - this.#nowUs) / 1000);
    const atUs = this.#freeUs + this.network.delayMs * 1000;
    this.#onTheWay.push({ atUs, done: () => this.#arrive(packet) });
  }

  #arrive(packet: Buffer): void {
    this.#arrivedBytes += packet.length + WIRE_BYTES;
    const ssrc = ssrcOf(packet);
    const { outlet } = this.track;
    if ((packet[0]! & 0x20) !== 0) this.padding++;
    if (ssrc === outlet.ssrc) this.#video.packet(sequenceOf(packet), this.#nowUs);
    else if (ssrc === outlet.rtxSsrc && (packet[0]! & 0x20) === 0 && timestampOf(packet) > 0) {
      this.#video.packet(packet.readUInt16BE(12), this.#nowUs);
    }
  }

  #up(compound: Buffer): void {
    if (this.silent) return;
    const atUs = this.#nowUs + this.network.delayMs * 1000;
    this.#onTheWay.push({ atUs, done: () => this.feedback.push(compound, this.#nowUs) });
  }

  #ping(): void {
    const sentUs = this.#nowUs;
    const { kbps, queueMs, delayMs, loss } = this.network;
    const startUs = Math.max(this.#nowUs, this.#freeUs);
    if (startUs - this.#nowUs > queueMs * 1000 || this.#random() < loss) return;
    this.#freeUs = startUs + (150 * 8_000) / kbps;
    const atUs = this.#freeUs + 2 * delayMs * 1000;
    this.#onTheWay.push({
      atUs,
      done: () => this.adaptation.answered((this.#nowUs - sentUs) / 1000, this.#nowUs),
    });
  }

  /** As libwebrtc does: what is missing at once, again after a while; too much is a key frame's business. */
  #nack(): void {
    const { missing } = this.#video;
    const due = [...missing].filter(([, { askedUs }]) => this.#nowUs - askedUs > NACK_AGAIN_US);
    for (const [sequence, each] of missing) if (this.#nowUs - each.sinceUs > 1e6) missing.delete(sequence);
    if (due.length === 0) return;
    for (const [, each] of due) each.askedUs = this.#nowUs;
    const ssrc = this.track.outlet.ssrc;
    this.#up(
      writeNack(
        1,
        ssrc,
        due.map(([sequence]) => sequence),
      ),
    );
    if (missing.size > 200) {
      missing.clear();
      this.#up(writePli(1, ssrc));
    }
  }

  #report(): void {
    this.#nextReportUs = this.#nowUs + 1e6;
    const video = this.#video;
    const queueUs = Math.max(0, this.#freeUs - this.#nowUs) + 2_000 * this.network.delayMs;
    const fraction = video.expectedSince === 0 ? 0 : video.lostSince / video.expectedSince;
    const block = {
      ssrc: this.track.outlet.ssrc,
      fractionLost: Math.min(255, Math.floor(fraction * 256)),
      cumulativeLost: 0,
      highestSequence: Math.max(0, video.highest),
      jitter: 0,
      lastSenderReport: compactNtp(ntpUs(this.#nowUs - queueUs + this.network.delayMs * 1000)),
      delaySinceLastSenderReport: 0,
    };
    video.lostSince = 0;
    video.expectedSince = 0;
    const parts = [writeReceiverReport(1, [block])];
    if (this.remb) parts.push(writeRemb(1, this.#arrivedBytes * 8 * 1.5, [block.ssrc]));
    this.#arrivedBytes = 0;
    if (video.highest >= 0) this.#up(Buffer.concat(parts));
    this.adaptation.tick(this.#nowUs);
  }
}
