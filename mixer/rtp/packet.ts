/** An RTP packet as it lies in its buffer (RFC 3550 5.1); nothing is copied. */
export interface RtpPacket {
  sequence: number;
  rtpTimestamp: number;
  ssrc: number;
  marker: boolean;
  payload: Buffer;
  arrivalUs: number;
}

export const RTP_HEADER_BYTES = 12;

/** Null when the bytes are not a whole RTP packet. */
export function parseRtp(bytes: Buffer, arrivalUs: number): RtpPacket | null {
  if (bytes.length < RTP_HEADER_BYTES || bytes[0]! >> 6 !== 2) return null;
  let start = RTP_HEADER_BYTES + (bytes[0]! & 0x0f) * 4;
  if (bytes[0]! & 0x10) {
    if (bytes.length < start + 4) return null;
    start += 4 + bytes.readUInt16BE(start + 2) * 4;
  }
  let end = bytes.length;
  if (bytes[0]! & 0x20) end -= bytes[bytes.length - 1]!;
  if (start > end) return null;
  return {
    sequence: bytes.readUInt16BE(2),
    rtpTimestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    marker: (bytes[1]! & 0x80) !== 0,
    payload: bytes.subarray(start, end),
    arrivalUs,
  };
}

/**
 * A packet of ours: 12-byte header, then `parts` one after the other. SSRC and payload type are left
 * zero for the forwarder to write.
 */
export function buildRtp(sequence: number, rtpTimestamp: number, marker: boolean, parts: Buffer[]): Buffer {
  let length = RTP_HEADER_BYTES;
  for (const part of parts) length += part.length;
  const packet = Buffer.allocUnsafe(length);
  packet[0] = 0x80;
  packet[1] = marker ? 0x80 : 0;
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(rtpTimestamp >>> 0, 4);
  packet.writeUInt32BE(0, 8);
  let at = RTP_HEADER_BYTES;
  for (const part of parts) at += part.copy(packet, at);
  return packet;
}
