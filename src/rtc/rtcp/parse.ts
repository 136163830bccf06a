import { readFir, readNack, readRemb } from './feedback.ts';
import { Feedback, type ReportBlock, RtcpType, type SenderReport } from './packet.ts';
import { REPORT_BLOCK, readReportBlock, readSenderReport } from './reports.ts';

export type RtcpItem =
  | { type: 'sender-report'; report: SenderReport }
  | { type: 'report-block'; from: number; block: ReportBlock }
  | { type: 'bye'; ssrcs: number[] }
  | { type: 'nack'; ssrc: number; sequences: number[] }
  | { type: 'pli'; ssrc: number }
  | { type: 'fir'; ssrcs: number[] }
  | { type: 'remb'; bps: number }
  | { type: 'transport-cc'; body: Buffer };

/** Longest list one compound packet can make: it is at most a datagram. */
const MAX_ITEMS = 200;

/** Everything known in a compound packet, up to the first part that is malformed. Never throws. */
export function parseRtcp(compound: Buffer): RtcpItem[] {
  const items: RtcpItem[] = [];
  let at = 0;
  while (at + 4 <= compound.length && items.length < MAX_ITEMS) {
    const first = compound[at]!;
    const end = at + 4 + compound.readUInt16BE(at + 2) * 4;
    if (first >> 6 !== 2 || end > compound.length) break;
    const padding = (first & 0x20) !== 0 ? compound[end - 1]! : 0;
    if (padding > end - at - 4) break;
    readPacket(compound[at + 1]!, first & 0x1f, compound.subarray(at + 4, end - padding), items);
    at = end;
  }
  return items;
}

function readPacket(type: number, count: number, body: Buffer, items: RtcpItem[]): void {
  if (body.length < 4) return;
  switch (type) {
    case RtcpType.SR:
      if (body.length < 24) return;
      items.push({ type: 'sender-report', report: readSenderReport(body) });
      readBlocks(body, 24, count, items);
      return;
    case RtcpType.RR:
      readBlocks(body, 4, count, items);
      return;
    case RtcpType.BYE:
      items.push({ type: 'bye', ssrcs: readSsrcs(body, count) });
      return;
    case RtcpType.RTPFB:
      if (body.length >= 8) readTransportFeedback(count, body, items);
      return;
    case RtcpType.PSFB:
      if (body.length >= 8) readPayloadFeedback(count, body, items);
  }
}

function readBlocks(body: Buffer, start: number, count: number, items: RtcpItem[]): void {
  for (let i = 0, at = start; i < count && at + REPORT_BLOCK <= body.length; i++, at += REPORT_BLOCK) {
    items.push({ type: 'report-block', from: body.readUInt32BE(0), block: readReportBlock(body, at) });
  }
}

function readSsrcs(body: Buffer, count: number): number[] {
  const ssrcs: number[] = [];
  for (let i = 0; i < count && i * 4 + 4 <= body.length; i++) ssrcs.push(body.readUInt32BE(i * 4));
  return ssrcs;
}

function readTransportFeedback(format: number, body: Buffer, items: RtcpItem[]): void {
  if (format === Feedback.NACK) {
    items.push({ type: 'nack', ssrc: body.readUInt32BE(4), sequences: readNack(body) });
  } else if (format === Feedback.TRANSPORT_CC) {
    items.push({ type: 'transport-cc', body });
  }
}

function readPayloadFeedback(format: number, body: Buffer, items: RtcpItem[]): void {
  if (format === Feedback.PLI) items.push({ type: 'pli', ssrc: body.readUInt32BE(4) });
  else if (format === Feedback.FIR) items.push({ type: 'fir', ssrcs: readFir(body) });
  else if (format === Feedback.REMB) {
    const bps = readRemb(body);
    if (bps !== null) items.push({ type: 'remb', bps });
  }
}
