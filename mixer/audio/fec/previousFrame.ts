import { RangeDecoder } from './rangeDecoder.ts';
import { passSilkFrame, type SilkShape } from './silkFrame.ts';

/** First configurations of hybrid and of CELT alone (RFC 6716, table 2), and of wide-band SILK. */
const FIRST_HYBRID = 12;
const FIRST_CELT = 16;
const WIDE_BAND = 8;

/** In the first byte of a mono frame: voice activity, and that the frame before follows (4.2.3). */
const ACTIVE = 0x80;
const HAS_PREVIOUS = 0x40;

/** From this many unused bits on a decoder takes what is left for a redundant CELT frame (4.5.1.1). */
const REDUNDANCY_BITS = 17;

/** SILK's part of a packet of one mono frame, of 10 or 20 ms; undefined for all others. */
function shapeOf(toc: number): SilkShape | undefined {
  const configuration = toc >> 3;
  const isOneMonoFrame = (toc & 7) === 0;
  if (!isOneMonoFrame || configuration >= FIRST_CELT) return undefined;
  if (configuration >= FIRST_HYBRID) return { kHz: 16, frameMs: configuration & 1 ? 20 : 10 };
  const duration = configuration & 3;
  return duration < 2 ? { kHz: 8 + 4 * (configuration >> 2), frameMs: 10 * (duration + 1) } : undefined;
}

/** Whether a packet holds the frame before it once more (in-band FEC, RFC 6716 2.1.7 and 4.2.4). */
export function holdsPreviousFrame(packet: Buffer): boolean {
  return packet.length > 2 && shapeOf(packet[0]!) !== undefined && (packet[1]! & HAS_PREVIOUS) !== 0;
}

/**
 * The frame before `packet`, which that holds once more, as a packet of its own.
 *
 * The coarser copy stands at the beginning of the frame, coded exactly as an active frame is. With the two
 * flags before it changed, which are the only symbols that are plain bits, and cut off behind its last
 * symbol, the packet therefore is one that any Opus decoder decodes to the copy. Of hybrid frames that is
 * SILK's part, below 8 kHz; copies have no other.
 *
 * @returns null when there is none, or it cannot be had (several frames, stereo)
 */
export function previousFrame(packet: Buffer): Buffer | null {
  const shape = packet.length > 2 ? shapeOf(packet[0]!) : undefined;
  if (shape === undefined || (packet[1]! & HAS_PREVIOUS) === 0) return null;
  const frame = Buffer.from(packet.subarray(1));
  frame[0] = (frame[0]! | ACTIVE) & ~HAS_PREVIOUS;
  const whole = passed(frame, shape);
  const length = Math.min(frame.length, Math.floor((whole.bits + REDUNDANCY_BITS - 1) / 8));
  if (whole.bits > 8 * frame.length) return null;
  const configuration = packet[0]! >> 3;
  const own = configuration >= FIRST_HYBRID ? WIDE_BAND + (configuration & 1) : configuration;
  const cut = Buffer.concat([Buffer.from([own << 3]), frame.subarray(0, length)]);
  return completed(cut, whole.digest, shape);
}

function passed(frame: Buffer, shape: SilkShape): { digest: number; bits: number } {
  const decoder = new RangeDecoder(frame);
  decoder.bit();
  decoder.bit();
  const digest = passSilkFrame(decoder, shape);
  return { digest, bits: decoder.usedBits };
}

/** What has been cut off counted a little for the last symbols: the nearest ending that says the same. */
function completed(packet: Buffer, digest: number, shape: SilkShape): Buffer | null {
  const last = packet.length - 1;
  const as = packet[last]!;
  for (const change of [0, 1, -1]) {
    packet[last] = Math.min(0xff, Math.max(0, as + change));
    if (passed(packet.subarray(1), shape).digest === digest) return packet;
  }
  return null;
}
