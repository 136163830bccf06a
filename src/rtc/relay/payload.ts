/** What a forwarder must know of a video payload without decoding it: where pictures begin, which are key frames. */

import type { VideoCodec } from '../../../mixer/protocol/control.ts';

export interface PayloadReader {
  /** Whether a picture begins with this payload; asked only where packets before it are missing. */
  beginsPicture(payload: Buffer): boolean;
  /** Whether this payload belongs to a key frame and shows it. */
  isKeyFrame(payload: Buffer): boolean;
}

/** Of a codec that can be forwarded; undefined for others. */
export function payloadReader(codec: string): PayloadReader | undefined {
  return Object.hasOwn(readers, codec) ? readers[codec as VideoCodec] : undefined;
}

/** Length of the VP8 payload descriptor (RFC 7741 4.2), or −1 when nothing follows it. */
function vp8Head(payload: Buffer): number {
  if (payload.length === 0) return -1;
  let length = 1;
  if ((payload[0]! & 0x80) !== 0) {
    const extension = payload[1] ?? 0;
    length = 2;
    if ((extension & 0x80) !== 0) length += ((payload[2] ?? 0) & 0x80) !== 0 ? 2 : 1;
    if ((extension & 0x40) !== 0) length++;
    if ((extension & 0x30) !== 0) length++;
  }
  return length < payload.length ? length : -1;
}

/** S bit set and partition 0: the packet that holds the frame's header. */
const beginsVp8 = (payload: Buffer): boolean => payload.length > 0 && (payload[0]! & 0x17) === 0x10;

const vp8: PayloadReader = {
  beginsPicture: beginsVp8,
  isKeyFrame(payload) {
    const head = vp8Head(payload);
    // The P bit of the frame header is 0 for key frames (RFC 6386 9.1).
    return head > 0 && beginsVp8(payload) && (payload[head]! & 1) === 0;
  },
};

/** NAL unit and packet types (H.264 table 7-1, RFC 6184 5.2). */
const Nal = { SLICE: 1, IDR: 5, SEI: 6, DELIMITER: 9, STAP_A: 24, FU_A: 28 } as const;
/** Units in one aggregate looked at; a real one holds parameter sets and a slice or two. */
const MAX_UNITS = 16;

interface Unit {
  type: number;
  /** Where its bytes behind the header begin. */
  at: number;
}

/** The NAL units of which this payload holds the beginning. */
function unitsIn(payload: Buffer): Unit[] {
  if (payload.length < 2) return [];
  const type = payload[0]! & 0x1f;
  if (type >= 1 && type <= 23) return [{ type, at: 1 }];
  if (type === Nal.FU_A) return (payload[1]! & 0x80) === 0 ? [] : [{ type: payload[1]! & 0x1f, at: 2 }];
  return type === Nal.STAP_A ? aggregated(payload) : [];
}

function aggregated(payload: Buffer): Unit[] {
  const units: Unit[] = [];
  for (let at = 1; at + 3 <= payload.length && units.length < MAX_UNITS; ) {
    const length = payload.readUInt16BE(at);
    if (length === 0 || at + 2 + length > payload.length) break;
    units.push({ type: payload[at + 2]! & 0x1f, at: at + 3 });
    at += 2 + length;
  }
  return units;
}

const h264: PayloadReader = {
  beginsPicture(payload) {
    const first = unitsIn(payload)[0];
    if (first === undefined) return false;
    if (first.type >= Nal.SEI && first.type <= Nal.DELIMITER) return true;
    const isSlice = first.type === Nal.SLICE || first.type === Nal.IDR;
    // first_mb_in_slice is 0, which Exp-Golomb writes as a single 1 (H.264 7.3.3).
    return isSlice && ((payload[first.at] ?? 0) & 0x80) !== 0;
  },
  isKeyFrame: (payload) => unitsIn(payload).some(({ type }) => type === Nal.IDR),
};

const readers: Record<VideoCodec, PayloadReader> = { vp8, h264 };
