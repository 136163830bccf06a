/**
 * One coded picture (or one sound frame) cut into RTP packets, as one buffer: what a mixer sends,
 * what the server hands on to its subscribers (and, later, to worker threads) unchanged.
 *
 *     picture = u8 flags (1 = key frame) · u32 rtpTimestamp · f64 ptsUs · u16 count
 *               · count × (u16 length · RTP packet)                       (big endian)
 *
 * The packets carry a 12-byte RTP header (RFC 3550 5.1) whose sequence number and timestamp are
 * continuous per source; SSRC and payload type are the forwarder's to write. `ptsUs` is the moment,
 * on the monotonic clock that all processes of one machine share, which `rtpTimestamp` stands for in
 * sender reports: two sources of one program are in sync by it.
 */

export const PICTURE_HEAD = 15;

export interface Picture {
  keyFrame: boolean;
  rtpTimestamp: number;
  ptsUs: number;
  /** Whole RTP packets. */
  packets: Buffer[];
}

export function writePicture(picture: Picture): Buffer {
  let length = PICTURE_HEAD;
  for (const packet of picture.packets) length += 2 + packet.length;
  const buffer = Buffer.allocUnsafe(length);
  buffer[0] = picture.keyFrame ? 1 : 0;
  buffer.writeUInt32BE(picture.rtpTimestamp, 1);
  buffer.writeDoubleBE(picture.ptsUs, 5);
  buffer.writeUInt16BE(picture.packets.length, 13);
  let at = PICTURE_HEAD;
  for (const packet of picture.packets) {
    buffer.writeUInt16BE(packet.length, at);
    packet.copy(buffer, at + 2);
    at += 2 + packet.length;
  }
  return buffer;
}

/** @throws RangeError when the buffer is cut short. */
export function readPicture(buffer: Buffer): Picture {
  const packets: Buffer[] = [];
  let at = PICTURE_HEAD;
  for (let left = buffer.readUInt16BE(13); left > 0; left--) {
    const end = at + 2 + buffer.readUInt16BE(at);
    if (end > buffer.length) throw new RangeError('picture cut short');
    packets.push(buffer.subarray(at + 2, end));
    at = end;
  }
  return {
    keyFrame: (buffer[0]! & 1) === 1,
    rtpTimestamp: buffer.readUInt32BE(1),
    ptsUs: buffer.readDoubleBE(5),
    packets,
  };
}
