/** Largest RTP payload, so that a packet with its extensions and SRTP tag stays under 1,200 bytes. */
export const MAX_PAYLOAD = 1150;

export const HEADER_BYTES = 12;

/** A packet with the fixed RTP header of RFC 3550 5.1. */
export function rtpPacket(
  header: { payloadType: number; marker: boolean; sequence: number; timestamp: number; ssrc: number },
  payload: Buffer[],
): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head[0] = 0x80;
  head[1] = header.payloadType | (header.marker ? 0x80 : 0);
  head.writeUInt16BE(header.sequence & 0xffff, 2);
  head.writeUInt32BE(header.timestamp >>> 0, 4);
  head.writeUInt32BE(header.ssrc, 8);
  return Buffer.concat([head, ...payload]);
}

/** Cuts a buffer into parts of nearly equal size, none larger than `limit`. */
export function cutEvenly(buffer: Buffer, limit: number): Buffer[] {
  const count = Math.max(1, Math.ceil(buffer.length / limit));
  return Array.from({ length: count }, (_, part) =>
    buffer.subarray(
      Math.floor((buffer.length * part) / count),
      Math.floor((buffer.length * (part + 1)) / count),
    ),
  );
}
