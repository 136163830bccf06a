import { PICTURE_HEAD } from '../../../mixer/protocol/picture.ts';
import { RTP_HEADER } from '../rtp/header.ts';

/** Version 2 and nothing else: no padding, no extension, no CSRC. */
const PLAIN = 0x80;

/** A picture message (`mixer/protocol/picture.ts`) with its packets found, not copied. */
export interface ReadPicture {
  buffer: Buffer;
  keyFrame: boolean;
  rtpTimestamp: number;
  ptsUs: number;
  /** Where each packet begins and ends, in turn. */
  bounds: number[];
}

/** Null when it is cut short or holds something that is no plain RTP packet. */
export function findPackets(bytes: Uint8Array): ReadPicture | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < PICTURE_HEAD) return null;
  const bounds: number[] = [];
  let at = PICTURE_HEAD;
  for (let left = buffer.readUInt16BE(13); left > 0; left--) {
    if (at + 2 > buffer.length) return null;
    const end = at + 2 + buffer.readUInt16BE(at);
    if (end > buffer.length || end - at - 2 < RTP_HEADER || buffer[at + 2] !== PLAIN) return null;
    bounds.push(at + 2, end);
    at = end;
  }
  return {
    buffer,
    keyFrame: (buffer[0]! & 1) === 1,
    rtpTimestamp: buffer.readUInt32BE(1),
    ptsUs: buffer.readDoubleBE(5),
    bounds,
  };
}
