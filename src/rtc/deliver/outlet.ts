/**
 * The packets of one stream to one viewer: numbered, written into the batch, repaired. What is too much at
 * once waits: a replay, a large key frame and a burst of repairs are spread over the next milliseconds.
 */

import { randomInt } from 'node:crypto';
import { wrapRtx, writePadding } from '../rtp/rtx.ts';
import { sequenceDistance } from '../sequence.ts';
import type { PacketBatch } from '../srtp/batch.ts';
import { Allowance } from './allowance.ts';
import { Backlog, type Begin } from './backlog.ts';
import type { Run } from './forwarder.ts';
import type { Paced, Pacer } from './pacer.ts';
import type { ReadPicture } from './pictureReader.ts';
import { RetransmissionBudget } from './retransmission.ts';
import { Rewriter, type Stretch } from './rewriter.ts';

/** Fast enough for a second of 720p within 100 ms, slow enough for a socket's receive buffer. */
const FULL_KBPS = 20_000;
const MAX_PACKET_BYTES = 1900;
const RTX_BYTES = 2;
const RTP_HEADER = 12;
const MAX_REPAIRS = 512;
/** How far back a packet may be asked for, and repeated by a probe. */
const MAX_BEHIND = 2048;
const MAX_PADDING = 255;
/** Packets a probe repeats: not the last ones, for it must not repair what it might break. */
const MAX_PROBED = 32;
const PROBED_BEHIND = 32;

export interface OutletEvents {
  /** Where packets are written; shared by all viewers of this thread, empty between calls. */
  batch: PacketBatch;
  /** Encrypts and sends what is in the batch, and empties it. */
  flush(): void;
  pacer: Pacer;
}

export class Outlet implements Paced {
  readonly ssrc = randomInt(1, 2 ** 32);
  readonly rtxSsrc: number | undefined;
  packets = 0;
  bytes = 0;
  retransmissions = 0;
  repairedBytes = 0;
  /** Packets that are known to have come or to be lost, and of them the lost ones. */
  readonly progress = { packets: 0, lost: 0 };
  /** The last picture sent: what sender reports and later pictures count from. */
  last: { ptsUs: number; timestamp: number } | undefined;
  readonly #events: OutletEvents;
  readonly #clockRate: number;
  readonly #rewriter = new Rewriter<Run>(this.ssrc);
  readonly #backlog = new Backlog();
  readonly #allowance = new Allowance(FULL_KBPS);
  #budget: RetransmissionBudget | undefined;
  #repairs: number[] = [];
  #rtxSequence = randomInt(0, 0x8000);
  #probed = 0;
  /** The run of the last picture given. */
  #run: Run | undefined;
  /** So many packets were sent that are not repaired any more. */
  #abandoned = 0;
  /** What was sent before does not count as lost, and has gone its way. */
  #countedFrom = 0;

  constructor(clockRate: number, withRtx: boolean, events: OutletEvents) {
    this.#clockRate = clockRate;
    this.rtxSsrc = withRtx ? randomInt(1, 2 ** 32) : undefined;
    this.#events = events;
  }

  /** Whether pictures of this run follow on what was given last. */
  continues(run: Run): boolean {
    return this.#run === run;
  }

  get lastTimestamp(): number {
    return this.#rewriter.lastTimestamp;
  }

  /** @param kbps at which bursts are sent; null for as fast as is healthy */
  pace(kbps: number | null): void {
    this.#allowance.rate(kbps ?? FULL_KBPS);
  }

  /** Outgoing timestamp of `ptsUs`, as far after the last picture as it is in time. */
  timestampAt(ptsUs: number): number {
    if (this.last === undefined) return this.#rewriter.lastTimestamp;
    const elapsed = Math.round(((ptsUs - this.last.ptsUs) * this.#clockRate) / 1e6);
    return (this.last.timestamp + Math.max(1, elapsed)) >>> 0;
  }

  /** @returns false when the viewer is too far behind: nothing is sent until something begins */
  send(picture: ReadPicture, begin: Begin | undefined, nowUs: number): boolean {
    if (begin !== undefined) this.#run = begin.run;
    if (!this.#backlog.push({ picture, begin, next: 0 })) {
      this.drop();
      return false;
    }
    this.#drain(nowUs);
    return true;
  }

  /** What waits is not sent any more. */
  drop(): void {
    this.#backlog.clear();
    this.#run = undefined;
  }

  /** Nothing that was sent until now is repaired any more. */
  abandonRepairs(): void {
    this.#repairs = [];
    this.#abandoned = this.packets;
  }

  /**
   * Sends lost packets again, as far as they are still there and the budget allows.
   */
  repair(sequences: readonly number[], rttMs: number | null, nowUs: number): void {
    this.#budget ??= new RetransmissionBudget();
    for (const sequence of sequences) {
      if (!this.#wasSent(sequence)) continue;
      const place = this.reached(sequence);
      if (this.#budget.isFirst(sequence) && place >= this.#countedFrom) this.progress.lost++;
      if (this.#repairs.length >= MAX_REPAIRS || !this.#isThere(sequence, nowUs)) continue;
      if (this.#budget.allow(sequence, rttMs, nowUs)) this.#repairs.push(sequence);
    }
    if (this.#repairs.length > 0) this.#drain(nowUs);
  }

  /**
   * The viewer has got this far: the packet came, or those behind it did.
   *
   * @returns how many packets were sent up to there
   */
  reached(sequence: number): number {
    const behind = sequenceDistance(this.#rewriter.lastSequence, sequence);
    if (behind < 0 || behind >= MAX_BEHIND) return 0;
    const place = this.packets - behind;
    if (place > this.progress.packets) this.progress.packets = place;
    return place;
  }

  /** What was sent until now does not count any more in `progress`. */
  forget(): void {
    this.#countedFrom = this.packets + 1;
    this.progress.packets = Math.max(this.progress.packets, this.packets);
  }

  /**
   * Sends about `bytes` that change nothing. Over RTX packets of late once more, else padding. Without RTX
   * padding among the packets themselves, between two pictures.
   *
   * @returns bytes sent; 0 before the first picture, and without RTX in the middle of one
   */
  probe(bytes: number, nowUs: number): number {
    const payloadType = this.#rewriter.current?.format.rtx;
    if (this.rtxSsrc === undefined || payloadType === undefined) return this.#padAmong(bytes);
    let sent = 0;
    for (let i = 0; sent < bytes && i < MAX_PROBED; i++) {
      this.#probed = (this.#probed + 1) % MAX_PROBED;
      const sequence = (this.#rewriter.lastSequence - PROBED_BEHIND - this.#probed) & 0xffff;
      const length = this.#resend(sequence, nowUs);
      sent += length > 0 ? length : this.#pad(payloadType);
    }
    this.#events.flush();
    return sent;
  }

  tick(nowUs: number): boolean {
    this.#drain(nowUs);
    return this.#waiting;
  }

  close(): void {
    this.#events.pacer.delete(this);
    this.#backlog.clear();
    this.#repairs = [];
  }

  get #waiting(): boolean {
    return this.#repairs.length > 0 || this.#backlog.first !== undefined;
  }

  #drain(nowUs: number): void {
    if (this.#allowance.open(nowUs)) {
      for (const sequence of this.#repairs.splice(0, this.#repairs.length)) {
        if (!this.#allowance.left) this.#repairs.push(sequence);
        else this.#repairOne(sequence, nowUs);
      }
      while (this.#allowance.left && this.#backlog.first !== undefined) this.#sendFirst();
      this.#events.flush();
    }
    if (this.#waiting) this.#events.pacer.add(this);
  }

  #repairOne(sequence: number, nowUs: number): void {
    const length = this.#resend(sequence, nowUs);
    if (length === 0) return;
    this.retransmissions++;
    this.repairedBytes += length;
  }

  /** Sends of the first picture that waits what may go now. */
  #sendFirst(): void {
    const due = this.#backlog.first!;
    const { buffer, bounds, ptsUs, rtpTimestamp } = due.picture;
    if (due.next === 0 && due.begin !== undefined) this.#begin(due.begin, due.picture);
    while (due.next < bounds.length && this.#allowance.left) {
      this.#sendNext(buffer.subarray(bounds[due.next], bounds[due.next + 1]));
      due.next += 2;
    }
    const timestamp = (rtpTimestamp + (this.#rewriter.current?.timestamp ?? 0)) >>> 0;
    this.last = { ptsUs, timestamp };
    if (due.next >= bounds.length) this.#backlog.shift();
  }

  #begin({ run, format, timestamp }: Begin, picture: ReadPicture): void {
    const first = picture.buffer.subarray(picture.bounds[0], picture.bounds[1]);
    this.#rewriter.begin(run, format, first, timestamp ?? this.timestampAt(picture.ptsUs));
  }

  #sendNext(packet: Buffer): void {
    if (packet.length > MAX_PACKET_BYTES) return;
    const at = this.#room(packet.length);
    const length = this.#rewriter.next(packet, this.#events.batch.bytes, at);
    if (length === 0) return;
    this.#events.batch.add(length);
    this.packets++;
    this.bytes += length - RTP_HEADER;
    this.#allowance.spend(length);
  }

  /** Writes a packet that was sent once more; 0 when that is not possible any more. */
  #resend(sequence: number, nowUs: number): number {
    const stretch = this.#rewriter.origin(sequence)?.stretch;
    if (stretch?.padding !== undefined) return this.#repad(sequence, stretch);
    const packet = this.#cached(sequence, nowUs);
    if (packet === undefined || stretch === undefined) return 0;
    const { batch } = this.#events;
    const at = this.#room(packet.length + RTX_BYTES);
    let length = this.#rewriter.write(packet, stretch, batch.bytes, at);
    const payloadType = stretch.format.rtx;
    if (this.rtxSsrc !== undefined && payloadType !== undefined) {
      length = wrapRtx(batch.bytes, at, length, this.#rtx(this.rtxSsrc, payloadType));
    }
    batch.add(length);
    this.#allowance.spend(length);
    return length;
  }

  /** Padding that was lost is a gap like any other: whoever asks for it waits for it. */
  #repad(sequence: number, stretch: Stretch<Run>): number {
    const { batch } = this.#events;
    const at = this.#room(RTP_HEADER + MAX_PADDING);
    const length = this.#rewriter.repad(sequence, stretch, MAX_PADDING, batch.bytes, at);
    batch.add(length);
    this.#allowance.spend(length);
    return length;
  }

  #pad(payloadType: number): number {
    const { batch } = this.#events;
    const at = this.#room(RTP_HEADER + MAX_PADDING);
    const rtx = { ...this.#rtx(this.rtxSsrc!, payloadType), timestamp: this.#rewriter.lastTimestamp };
    const length = writePadding(batch.bytes, at, MAX_PADDING, rtx);
    batch.add(length);
    return length;
  }

  #padAmong(bytes: number): number {
    if (this.last === undefined || (this.#backlog.first?.next ?? 0) > 0) return 0;
    const { batch } = this.#events;
    let sent = 0;
    for (let i = 0; sent < bytes && i < MAX_PROBED; i++) {
      const at = this.#room(RTP_HEADER + MAX_PADDING);
      const length = this.#rewriter.pad(MAX_PADDING, batch.bytes, at);
      if (length === 0) break;
      batch.add(length);
      this.packets++;
      sent += length;
    }
    this.#events.flush();
    return sent;
  }

  #rtx(ssrc: number, payloadType: number): { ssrc: number; payloadType: number; sequence: number } {
    this.#rtxSequence = (this.#rtxSequence + 1) & 0xffff;
    return { ssrc, payloadType, sequence: this.#rtxSequence };
  }

  #room(length: number): number {
    const at = this.#events.batch.room(length);
    if (at >= 0) return at;
    this.#events.flush();
    return this.#events.batch.room(length);
  }

  #wasSent(sequence: number): boolean {
    const behind = sequenceDistance(this.#rewriter.lastSequence, sequence);
    return behind >= 0 && behind < MAX_BEHIND && this.packets - behind > this.#abandoned;
  }

  #isThere(sequence: number, nowUs: number): boolean {
    const isPadding = this.#rewriter.origin(sequence)?.stretch.padding !== undefined;
    return isPadding || this.#cached(sequence, nowUs) !== undefined;
  }

  #cached(sequence: number, nowUs: number): Buffer | undefined {
    const origin = this.#rewriter.origin(sequence);
    if (origin === undefined) return undefined;
    const run = origin.stretch.source;
    if (run.forwarder.run !== run) return undefined;
    return run.forwarder.cache.get(origin.sequence, nowUs);
  }
}
