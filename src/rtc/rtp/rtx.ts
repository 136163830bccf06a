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
 * Makes a plain packet at `packet[at..at + length)` (12-byte header) a retransmission of itself, in place.
 * There must be room for two bytes more.
 *
 * @returns the new length
 */
export function wrapRtx(
  packet: Buffer,
  at: number,
  length: number,
  rtx: { ssrc: number; payloadType: number; sequence: number },
): number {
  packet.copyWithin(at + RTP_HEADER + 2, at + RTP_HEADER, at + length);
  packet.copyWithin(at + RTP_HEADER, at + 2, at + 4);
  packet[at + 1] = (packet[at + 1]! & 0x80) | rtx.payloadType;
  packet.writeUInt16BE(rtx.sequence, at + 2);
  packet.writeUInt32BE(rtx.ssrc, at + 8);
  return length + 2;
}

/**
 * Writes a packet of nothing but padding at `packet[at..]` (RFC 3550 5.1).
 *
 * @param bytes of padding, 1..255
 * @returns its length
 */
export function writePadding(
  packet: Buffer,
  at: number,
  bytes: number,
  of: { ssrc: number; payloadType: number; sequence: number; timestamp: number },
): number {
  packet[at] = 0xa0;
  packet[at + 1] = of.payloadType;
  packet.writeUInt16BE(of.sequence, at + 2);
  packet.writeUInt32BE(of.timestamp, at + 4);
  packet.writeUInt32BE(of.ssrc, at + 8);
  packet.fill(0, at + RTP_HEADER, at + RTP_HEADER + bytes - 1);
  packet[at + RTP_HEADER + bytes - 1] = bytes;
  return RTP_HEADER + bytes;
}
