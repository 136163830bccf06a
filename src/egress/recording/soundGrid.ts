import type { MediaPacket } from '../matroska/writer.ts';

/** One Opus frame of ours. */
export const FRAME_US = 20_000;
/** An Opus frame of silence, 20 ms of stereo (RFC 6716: CELT, full band, code 0). */
const SILENCE = Buffer.from([0xfc, 0xff, 0xfe]);
/** Longest gap filled at one go, so that a clock gone mad cannot fill the memory: one hour. */
const MAX_FILL = (3600 * 1_000_000) / FRAME_US;

/**
 * Lays sound frames end to end. A file's sound must have no holes, since players slip on them; so what
 * is missing becomes silence, and each frame stands at most half a frame from its true time.
 */
export class SoundGrid {
  #nextUs = 0;

  /** Where the sound ends that was laid so far. */
  get endUs(): number {
    return this.#nextUs;
  }

  /** Sound begins again here, at the whole frame next to it. Returns what fills the time up to there. */
  fillTo(timeUs: number): MediaPacket[] {
    const missing = Math.min(MAX_FILL, Math.round((timeUs - this.#nextUs) / FRAME_US));
    const packets: MediaPacket[] = [];
    for (let count = 0; count < missing; count++) packets.push(this.#lay(SILENCE));
    return packets;
  }

  /** Returns the frame in its place, after the silence before it; nothing when its place is taken. */
  push(timeUs: number, bytes: Buffer): MediaPacket[] {
    const early = this.#nextUs - timeUs;
    if (early > FRAME_US / 2) return [];
    return [...this.fillTo(timeUs), this.#lay(bytes)];
  }

  #lay(bytes: Buffer): MediaPacket {
    const timeUs = this.#nextUs;
    this.#nextUs += FRAME_US;
    return { media: 'audio', keyFrame: true, timeUs, durationUs: FRAME_US, bytes };
  }
}
