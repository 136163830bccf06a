/** Retransmission format of RFC 4588: the original sequence number stands before the payload. */

import { headerLength, RTP_HEADER, unpaddedLength } from './header.ts';

/**
 * The original packet out of a retransmission, or null when there is none in it (padding, probes).
 * Header extensions are left out: they described the retransmission.
 *
 * @param ssrc SSRC of the original stream
 * @param payloadType payload type of the original stream
 */
export function unwrapRtx(packet: Buffer, ssrc: number, payloadType: number): Buffer | null {
  const header = headerLength(packet);
  if (header < 0) return null;
  const end = unpaddedLength(packet, header);
  if (end < header + 3) return null;
  const original = Buffer.allocUnsafe(RTP_HEADER + end - header - 2);
  original[0] = 0x80;
  original[1] = (packet[1]! & 0x80) | payloadType;
  packet.copy(original, 2, header, header + 2);
  packet.copy(original, 4, 4, 8);
  original.writeUInt32BE(ssrc, 8);
  packet.copy(original, RTP_HEADER, header + 2, end);
  return original;
}

/**
 * Makes a plain packet of `length` bytes at the start of `packet` (12-byte header) a retransmission of
 * itself, in place. `packet` must have room for two bytes more.
 *
 * @returns the new length
 */
export function wrapRtx(
  packet: Buffer,
  length: number,
  rtx: { ssrc: number; payloadType: number; sequence: number },
): number {
  packet.copyWithin(RTP_HEADER + 2, RTP_HEADER, length);
  packet.copyWithin(RTP_HEADER, 2, 4);
  packet[1] = (packet[1]! & 0x80) | rtx.payloadType;
  packet.writeUInt16BE(rtx.sequence, 2);
  packet.writeUInt32BE(rtx.ssrc, 8);
  return length + 2;
}
