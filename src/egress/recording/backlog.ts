import type { MediaPacket } from '../matroska/writer.ts';

/** Longer than what a recorder that dies may have had in its hands. */
const KEEP_US = 6_000_000;
/** Without key frames nothing could be dropped in time. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The last seconds of a recording, from a key frame on: what a new recorder is given first, so that
 * nothing is missing of what the dead one had not written.
 */
export class Backlog {
  #packets: MediaPacket[] = [];
  #bytes = 0;

  push(packet: MediaPacket): void {
    // A copy: the packet is a view on a larger piece of the channel's memory.
    const kept = { ...packet, bytes: Buffer.from(packet.bytes) };
    this.#packets.push(kept);
    this.#bytes += kept.bytes.length;
    if (isKeyFrame(packet)) this.#dropBefore(packet.timeUs - KEEP_US);
    if (this.#bytes > MAX_BYTES) this.#drop(this.#packets.length);
  }

  /** From its first key frame on. */
  get packets(): readonly MediaPacket[] {
    const start = this.#packets.findIndex(isKeyFrame);
    return start < 0 ? [] : this.#packets.slice(start);
  }

  /** Keeps the last key frame before `timeUs`, and all that came after it. */
  #dropBefore(timeUs: number): void {
    const start = this.#packets.findLastIndex((packet) => isKeyFrame(packet) && packet.timeUs <= timeUs);
    if (start > 0) this.#drop(start);
  }

  #drop(count: number): void {
    for (const { bytes } of this.#packets.splice(0, count)) this.#bytes -= bytes.length;
  }
}

const isKeyFrame = ({ media, keyFrame }: MediaPacket): boolean => media === 'video' && keyFrame;
