import { headerLength, markerOf, RTP_HEADER, sequenceOf, ssrcOf, timestampOf } from '../rtp/header.ts';

/** What fits into any path; a longer packet is no sender's we know. */
const MAX_BYTES = 1_500;

/** A packet whose header is 12 bytes long: without CSRCs and extensions, which are between its sender and us. */
export interface PlainPacket {
  bytes: Buffer;
  ssrc: number;
  sequence: number;
  rtpTimestamp: number;
  marker: boolean;
}

/**
 * Cuts extensions off in place: the header moves up to the payload, and SSRC, payload type and sequence
 * number are left to be written. Null for what is no packet, or too long.
 */
export function plainPacket(packet: Buffer): PlainPacket | null {
  const header = headerLength(packet);
  if (header < 0 || packet.length - header > MAX_BYTES - RTP_HEADER) return null;
  const plain = { ssrc: ssrcOf(packet), sequence: sequenceOf(packet), rtpTimestamp: timestampOf(packet) };
  const marker = markerOf(packet);
  const bytes = packet.subarray(header - RTP_HEADER);
  bytes[0] = 0x80;
  bytes[1] = marker ? 0x80 : 0;
  bytes.writeUInt32BE(plain.rtpTimestamp, 4);
  bytes.writeUInt32BE(0, 8);
  return { bytes, marker, ...plain };
}

export const payloadOf = ({ bytes }: PlainPacket): Buffer => bytes.subarray(RTP_HEADER);
