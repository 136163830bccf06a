/** RTCP in and out (RFC 3550 6, RFC 4585 6). Everything is plain objects; nothing here keeps state. */

export const RtcpType = { SR: 200, RR: 201, SDES: 202, BYE: 203, RTPFB: 205, PSFB: 206 } as const;

export const Feedback = { NACK: 1, TRANSPORT_CC: 15, PLI: 1, FIR: 4, REMB: 15 } as const;

/** One source as its receiver sees it (RFC 3550 6.4.1). */
export interface ReportBlock {
  ssrc: number;
  /** Share of packets lost since the report before, 0..255 standing for 0..1. */
  fractionLost: number;
  /** Packets lost since the start, −2²³..2²³−1. */
  cumulativeLost: number;
  /** Highest sequence number received, with the count of its wraps in the upper 16 bit. */
  highestSequence: number;
  /** In units of the RTP clock. */
  jitter: number;
  /** Middle 32 bit of the NTP time of the last sender report; 0 when there was none. */
  lastSenderReport: number;
  /** Time since then, in 1/65536 s. */
  delaySinceLastSenderReport: number;
}

export interface SenderReport {
  ssrc: number;
  /** NTP time in µs since 1900. */
  ntpUs: number;
  rtpTimestamp: number;
  packets: number;
  bytes: number;
}

/** A packet of `type` with its length filled in; `body` must be a multiple of four bytes. */
export function rtcpPacket(type: number, count: number, body: Buffer): Buffer {
  const packet = Buffer.allocUnsafe(4 + body.length);
  packet[0] = 0x80 | count;
  packet[1] = type;
  packet.writeUInt16BE(body.length / 4, 2);
  body.copy(packet, 4);
  return packet;
}

/** Middle 32 bit of an NTP time given in µs: what reports call LSR. */
export function compactNtp(ntpUs: number): number {
  return Math.floor((ntpUs % (65536 * 1e6)) * (65536 / 1e6)) >>> 0;
}
