/** Sender and receiver reports, SDES and BYE (RFC 3550 6.4 to 6.6). */

import { type ReportBlock, RtcpType, rtcpPacket, type SenderReport } from './packet.ts';

export const REPORT_BLOCK = 24;
const SENDER_INFO = 24;

export function writeSenderReport(report: SenderReport): Buffer {
  const body = Buffer.allocUnsafe(SENDER_INFO);
  const seconds = Math.floor(report.ntpUs / 1e6);
  const fraction = Math.floor((report.ntpUs - seconds * 1e6) * (0x100000000 / 1e6));
  body.writeUInt32BE(report.ssrc, 0);
  body.writeUInt32BE(seconds >>> 0, 4);
  body.writeUInt32BE(fraction >>> 0, 8);
  body.writeUInt32BE(report.rtpTimestamp >>> 0, 12);
  body.writeUInt32BE(report.packets >>> 0, 16);
  body.writeUInt32BE(report.bytes >>> 0, 20);
  return rtcpPacket(RtcpType.SR, 0, body);
}

export function readSenderReport(body: Buffer): SenderReport {
  const ntpUs = body.readUInt32BE(4) * 1e6 + body.readUInt32BE(8) / (0x100000000 / 1e6);
  return {
    ssrc: body.readUInt32BE(0),
    ntpUs,
    rtpTimestamp: body.readUInt32BE(12),
    packets: body.readUInt32BE(16),
    bytes: body.readUInt32BE(20),
  };
}

/** @param blocks at most 31 */
export function writeReceiverReport(ssrc: number, blocks: ReportBlock[]): Buffer {
  const body = Buffer.allocUnsafe(4 + blocks.length * REPORT_BLOCK);
  body.writeUInt32BE(ssrc, 0);
  let at = 4;
  for (const block of blocks) {
    body.writeUInt32BE(block.ssrc, at);
    body[at + 4] = block.fractionLost;
    body.writeIntBE(clamp24(block.cumulativeLost), at + 5, 3);
    body.writeUInt32BE(block.highestSequence >>> 0, at + 8);
    body.writeUInt32BE(block.jitter >>> 0, at + 12);
    body.writeUInt32BE(block.lastSenderReport, at + 16);
    body.writeUInt32BE(block.delaySinceLastSenderReport >>> 0, at + 20);
    at += REPORT_BLOCK;
  }
  return rtcpPacket(RtcpType.RR, blocks.length, body);
}

function clamp24(value: number): number {
  return Math.max(-0x800000, Math.min(0x7fffff, value));
}

export function readReportBlock(body: Buffer, at: number): ReportBlock {
  return {
    ssrc: body.readUInt32BE(at),
    fractionLost: body[at + 4]!,
    cumulativeLost: body.readIntBE(at + 5, 3),
    highestSequence: body.readUInt32BE(at + 8),
    jitter: body.readUInt32BE(at + 12),
    lastSenderReport: body.readUInt32BE(at + 16),
    delaySinceLastSenderReport: body.readUInt32BE(at + 20),
  };
}

/** One chunk with a CNAME (RFC 3550 6.5.1). */
export function writeSourceDescription(ssrc: number, cname: string): Buffer {
  const name = Buffer.from(cname).subarray(0, 255);
  const used = 4 + 2 + name.length;
  const body = Buffer.alloc(used + 4 - (used % 4));
  body.writeUInt32BE(ssrc, 0);
  body[4] = 1;
  body[5] = name.length;
  name.copy(body, 6);
  return rtcpPacket(RtcpType.SDES, 1, body);
}

/** @param ssrcs at most 31 */
export function writeBye(ssrcs: number[]): Buffer {
  const body = Buffer.allocUnsafe(ssrcs.length * 4);
  ssrcs.forEach((ssrc, i) => {
    body.writeUInt32BE(ssrc, i * 4);
  });
  return rtcpPacket(RtcpType.BYE, ssrcs.length, body);
}
