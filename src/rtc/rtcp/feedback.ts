/** Feedback messages: generic NACK and PLI (RFC 4585), FIR (RFC 5104), REMB (draft-alvestrand-rmcat-remb). */

import { sequenceDistance } from '../sequence.ts';
import { Feedback, RtcpType, rtcpPacket } from './packet.ts';

/** Sequence numbers taken from one NACK; a peer that asks for more at once is not served better. */
export const MAX_NACKED = 1024;

function addressed(senderSsrc: number, mediaSsrc: number, fciLength: number): Buffer {
  const body = Buffer.alloc(8 + fciLength);
  body.writeUInt32BE(senderSsrc, 0);
  body.writeUInt32BE(mediaSsrc, 4);
  return body;
}

/** @param sequences in ascending order (modulo wrap), for the fewest items */
export function writeNack(senderSsrc: number, mediaSsrc: number, sequences: number[]): Buffer {
  const items: [pid: number, mask: number][] = [];
  for (const sequence of sequences) {
    const last = items.at(-1);
    const ahead = last === undefined ? 0 : sequenceDistance(sequence, last[0]);
    if (last !== undefined && ahead >= 1 && ahead <= 16) last[1] |= 1 << (ahead - 1);
    else items.push([sequence, 0]);
  }
  const body = addressed(senderSsrc, mediaSsrc, items.length * 4);
  items.forEach(([pid, mask], i) => {
    body.writeUInt16BE(pid, 8 + i * 4);
    body.writeUInt16BE(mask, 10 + i * 4);
  });
  return rtcpPacket(RtcpType.RTPFB, Feedback.NACK, body);
}

export function readNack(body: Buffer): number[] {
  const sequences: number[] = [];
  for (let at = 8; at + 4 <= body.length && sequences.length < MAX_NACKED; at += 4) {
    const pid = body.readUInt16BE(at);
    sequences.push(pid);
    for (let mask = body.readUInt16BE(at + 2), i = 1; mask !== 0; mask >>= 1, i++) {
      if ((mask & 1) === 1) sequences.push((pid + i) & 0xffff);
    }
  }
  return sequences.slice(0, MAX_NACKED);
}

export function writePli(senderSsrc: number, mediaSsrc: number): Buffer {
  return rtcpPacket(RtcpType.PSFB, Feedback.PLI, addressed(senderSsrc, mediaSsrc, 0));
}

/** @param command counts up with each new request (RFC 5104 4.3.1.1) */
export function writeFir(senderSsrc: number, mediaSsrc: number, command: number): Buffer {
  const body = addressed(senderSsrc, 0, 8);
  body.writeUInt32BE(mediaSsrc, 8);
  body[12] = command & 0xff;
  return rtcpPacket(RtcpType.PSFB, Feedback.FIR, body);
}

export function readFir(body: Buffer): number[] {
  const ssrcs: number[] = [];
  for (let at = 8; at + 8 <= body.length && ssrcs.length < 32; at += 8) ssrcs.push(body.readUInt32BE(at));
  return ssrcs;
}

const REMB_NAME = 0x52454d42; // "REMB"

/** @param bps receiver's estimated maximum bitrate, bit/s */
export function writeRemb(senderSsrc: number, bps: number, ssrcs: number[]): Buffer {
  const body = addressed(senderSsrc, 0, 8 + ssrcs.length * 4);
  let exponent = 0;
  let mantissa = Math.floor(bps);
  while (mantissa > 0x3ffff) {
    mantissa = Math.floor(mantissa / 2);
    exponent++;
  }
  body.writeUInt32BE(REMB_NAME, 8);
  body[12] = ssrcs.length;
  body.writeUIntBE(exponent * 0x40000 + mantissa, 13, 3);
  ssrcs.forEach((ssrc, i) => {
    body.writeUInt32BE(ssrc, 16 + i * 4);
  });
  return rtcpPacket(RtcpType.PSFB, Feedback.REMB, body);
}

/** Bit/s, or null when it is another application-layer feedback. */
export function readRemb(body: Buffer): number | null {
  if (body.length < 16 || body.readUInt32BE(8) !== REMB_NAME) return null;
  const packed = body.readUIntBE(13, 3);
  return (packed & 0x3ffff) * 2 ** (packed >> 18);
}
