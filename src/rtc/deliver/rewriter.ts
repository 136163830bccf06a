/**
 * The numbers of one outgoing stream. Whatever source it comes from, a viewer sees one stream whose
 * sequence numbers, timestamps and picture ids go on without a seam.
 */

import { randomInt } from 'node:crypto';
import { RTP_HEADER, sequenceOf, timestampOf } from '../rtp/header.ts';
import { writePadding } from '../rtp/rtx.ts';
import { pictureIdOf, readVp8Descriptor, type Vp8Descriptor, writePictureId } from '../rtp/vp8.ts';
import { sequenceDistance, timestampDistance } from '../sequence.ts';

/** How a stretch is announced to the viewer. */
export interface StreamFormat {
  payloadType: number;
  /** Payload type of its retransmissions, where there are any. */
  rtx: number | undefined;
  /** Payloads begin with a VP8 descriptor, whose picture ids are rewritten. */
  vp8: boolean;
}

/** What is added to the numbers of one stretch of one source. */
export interface Stretch<Source> {
  readonly source: Source;
  readonly format: StreamFormat;
  /** First outgoing sequence number of the stretch, or of its last ones when there were many. */
  from: number;
  sequence: number;
  timestamp: number;
  pictureId: number;
  tl0: number;
  /** Its numbers are those of packets of nothing but padding, with this timestamp. */
  padding: number | undefined;
}

/** Stretches remembered for retransmission; a replay at the start makes one per picture. */
const MAX_STRETCHES = 128;
/** How far back numbers are looked up: beyond half of all there are, what is behind would seem ahead. */
const MAX_BEHIND = 0x4000;

export class Rewriter<Source> {
  readonly ssrc: number;
  readonly #descriptor: Vp8Descriptor = { pictureIdAt: -1, wide: false, tl0At: -1 };
  #stretches: Stretch<Source>[] = [];
  /** Below 32768, so that a receiver cannot miss the first wrap (RFC 3711 3.3.1). */
  #lastSequence = randomInt(0, 0x8000);
  #lastTimestamp = randomInt(0, 2 ** 32);
  #lastPictureId = randomInt(0, 0x8000);
  #lastTl0 = randomInt(0, 0x100);

  constructor(ssrc: number) {
    this.ssrc = ssrc;
  }

  /** Last outgoing sequence number that was used. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** Highest outgoing timestamp so far. */
  get lastTimestamp(): number {
    return this.#lastTimestamp;
  }

  get current(): Stretch<Source> | undefined {
    return this.#stretches.at(-1);
  }

  /**
   * From `packet` on, numbers follow on from the last ones sent.
   *
   * @param timestamp outgoing timestamp that the packet's stands for
   */
  begin(source: Source, format: StreamFormat, packet: Buffer, timestamp: number): void {
    const from = (this.#lastSequence + 1) & 0xffff;
    const stretch: Stretch<Source> = {
      source,
      format,
      from,
      sequence: (from - sequenceOf(packet)) & 0xffff,
      timestamp: (timestamp - timestampOf(packet)) >>> 0,
      pictureId: 0,
      tl0: 0,
      padding: undefined,
    };
    if (format.vp8 && readVp8Descriptor(packet, RTP_HEADER, this.#descriptor)) {
      const { pictureIdAt, tl0At } = this.#descriptor;
      if (pictureIdAt >= 0)
        stretch.pictureId = this.#lastPictureId + 1 - pictureIdOf(packet, this.#descriptor);
      if (tl0At >= 0) stretch.tl0 = this.#lastTl0 + 1 - packet[tl0At]!;
    }
    this.#add(stretch);
  }

  /**
   * Uses up a number for a packet of nothing but padding, written to `out[at..]`: what follows moves on by
   * one. To be sent between pictures only.
   *
   * @param bytes of padding, 1..255
   * @returns its length; 0 before the first stretch
   */
  pad(bytes: number, out: Buffer, at: number): number {
    const before = this.#stretches.at(-1);
    if (before === undefined) return 0;
    const sequence = (this.#lastSequence + 1) & 0xffff;
    const padded = before.padding === undefined ? this.#padded(before, sequence) : before;
    padded.sequence = (padded.sequence + 1) & 0xffff;
    this.#lastSequence = sequence;
    return this.repad(sequence, padded, bytes, out, at);
  }

  /** The very bytes of a packet of padding that was sent, given the same `bytes`. */
  repad(sequence: number, stretch: Stretch<Source>, bytes: number, out: Buffer, at: number): number {
    const { format, padding = 0 } = stretch;
    const { payloadType } = format;
    return writePadding(out, at, bytes, { ssrc: this.ssrc, payloadType, sequence, timestamp: padding });
  }

  /**
   * Copies `packet` to `out[at..]` with the numbers of the current stretch.
   *
   * @returns its length; 0 for a packet that comes late, which is sent only when it is asked for: a
   *   sequence number that may have been used must never be encrypted with other content
   */
  next(packet: Buffer, out: Buffer, at: number): number {
    const last = this.#stretches.at(-1);
    if (last === undefined) return 0;
    const sequence = (sequenceOf(packet) + last.sequence) & 0xffff;
    if (sequenceDistance(sequence, this.#lastSequence) <= 0) return 0;
    const stretch = last.padding === undefined ? last : this.#unpadded(last);
    const length = this.write(packet, stretch, out, at);
    this.#lastSequence = sequence;
    if (sequenceDistance(sequence, stretch.from) > MAX_BEHIND) {
      stretch.from = (sequence - MAX_BEHIND) & 0xffff;
    }
    const timestamp = (timestampOf(packet) + stretch.timestamp) >>> 0;
    if (timestampDistance(timestamp, this.#lastTimestamp) > 0) this.#lastTimestamp = timestamp;
    if (!stretch.format.vp8) return length;
    const { pictureIdAt, tl0At } = this.#descriptor;
    if (pictureIdAt >= 0) {
      this.#lastPictureId = (pictureIdOf(packet, this.#descriptor) + stretch.pictureId) & 0x7fff;
    }
    if (tl0At >= 0) this.#lastTl0 = (packet[tl0At]! + stretch.tl0) & 0xff;
    return length;
  }

  /** The stretch that outgoing `sequence` belongs to, and its number at the source. */
  origin(sequence: number): { stretch: Stretch<Source>; sequence: number } | undefined {
    if (sequenceDistance(sequence, this.#lastSequence) > 0) return undefined;
    for (let i = this.#stretches.length - 1; i >= 0; i--) {
      const stretch = this.#stretches[i]!;
      if (sequenceDistance(sequence, stretch.from) < 0) continue;
      return { stretch, sequence: (sequence - stretch.sequence) & 0xffff };
    }
    return undefined;
  }

  /** The very bytes that `stretch` made of `packet`, every time, at `out[at..]`. */
  write(packet: Buffer, stretch: Stretch<Source>, out: Buffer, at: number): number {
    packet.copy(out, at);
    out[at] = 0x80;
    out[at + 1] = (packet[1]! & 0x80) | stretch.format.payloadType;
    out.writeUInt16BE((sequenceOf(packet) + stretch.sequence) & 0xffff, at + 2);
    out.writeUInt32BE((timestampOf(packet) + stretch.timestamp) >>> 0, at + 4);
    out.writeUInt32BE(this.ssrc, at + 8);
    if (stretch.format.vp8) this.#writeDescriptor(packet, stretch, out, at);
    return packet.length;
  }

  #padded(stretch: Stretch<Source>, from: number): Stretch<Source> {
    return this.#add({ ...stretch, from, padding: this.#lastTimestamp });
  }

  #unpadded(stretch: Stretch<Source>): Stretch<Source> {
    return this.#add({ ...stretch, from: (this.#lastSequence + 1) & 0xffff, padding: undefined });
  }

  #add(stretch: Stretch<Source>): Stretch<Source> {
    this.#stretches.push(stretch);
    if (this.#stretches.length > MAX_STRETCHES) this.#stretches.shift();
    return stretch;
  }

  #writeDescriptor(packet: Buffer, stretch: Stretch<Source>, out: Buffer, at: number): void {
    const descriptor = this.#descriptor;
    if (!readVp8Descriptor(packet, RTP_HEADER, descriptor)) return;
    const { pictureIdAt, wide, tl0At } = descriptor;
    if (pictureIdAt >= 0) {
      const id = pictureIdOf(packet, descriptor) + stretch.pictureId;
      writePictureId(out, at + pictureIdAt, wide, id & 0x7fff);
    }
    if (tl0At >= 0) out[at + tl0At] = (packet[tl0At]! + stretch.tl0) & 0xff;
  }
}
