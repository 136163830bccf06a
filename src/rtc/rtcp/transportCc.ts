/**
 * Transport-wide congestion control feedback
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1): when each packet arrived.
 */

import { Feedback, RtcpType, rtcpPacket } from './packet.ts';

/** Arrival deltas are counted in steps of 250 µs, the reference time in steps of 64 ms. */
export const DELTA_US = 250;
export const REFERENCE_US = 64_000;

const LOST = 0;
const SMALL = 1;
const LARGE = 2;
const MAX_RUN = 0x1fff;
const SYMBOLS_PER_VECTOR = 7;
const HEAD = 16;

export interface TransportFeedback {
  senderSsrc: number;
  mediaSsrc: number;
  /** Transport-wide sequence number (16 bit) of the first status. */
  baseSequence: number;
  feedbackCount: number;
  /** In steps of 64 ms, 24 bit; at or before the first arrival. */
  referenceTime: number;
  /** Arrival of each packet from `baseSequence` on, in steps of 250 µs after the reference; null = lost. */
  arrivals: (number | null)[];
}

/** Steps between two arrivals that fit the 16-bit delta of a packet. */
export const fitsDelta = (steps: number): boolean => steps >= -0x8000 && steps <= 0x7fff;

/** @param feedback every step between arrivals must fit: see `fitsDelta` */
export function writeTransportFeedback(feedback: TransportFeedback): Buffer {
  const { symbols, deltas } = encodeArrivals(feedback.arrivals);
  const chunks = encodeChunks(symbols);
  const used = HEAD + chunks.length * 2 + deltas.length;
  const body = Buffer.alloc(Math.ceil(used / 4) * 4);
  body.writeUInt32BE(feedback.senderSsrc, 0);
  body.writeUInt32BE(feedback.mediaSsrc, 4);
  body.writeUInt16BE(feedback.baseSequence, 8);
  body.writeUInt16BE(feedback.arrivals.length, 10);
  body.writeUIntBE(feedback.referenceTime, 12, 3);
  body[15] = feedback.feedbackCount & 0xff;
  chunks.forEach((chunk, i) => {
    body.writeUInt16BE(chunk, HEAD + i * 2);
  });
  Buffer.from(deltas).copy(body, HEAD + chunks.length * 2);
  return rtcpPacket(RtcpType.RTPFB, Feedback.TRANSPORT_CC, body);
}

function encodeArrivals(arrivals: (number | null)[]): { symbols: number[]; deltas: number[] } {
  const symbols: number[] = [];
  const deltas: number[] = [];
  let before = 0;
  for (const arrival of arrivals) {
    if (arrival === null) {
      symbols.push(LOST);
      continue;
    }
    const delta = arrival - before;
    before = arrival;
    if (delta >= 0 && delta <= 0xff) {
      symbols.push(SMALL);
      deltas.push(delta);
    } else {
      symbols.push(LARGE);
      deltas.push((delta >> 8) & 0xff, delta & 0xff);
    }
  }
  return { symbols, deltas };
}

/** Runs where they are longer than a vector, two-bit status vectors in between. */
function encodeChunks(symbols: number[]): number[] {
  const chunks: number[] = [];
  for (let at = 0; at < symbols.length; ) {
    const symbol = symbols[at]!;
    let run = 1;
    while (run < MAX_RUN && symbols[at + run] === symbol) run++;
    if (run >= SYMBOLS_PER_VECTOR || at + run === symbols.length) {
      chunks.push((symbol << 13) | run);
      at += run;
      continue;
    }
    let vector = 0xc000;
    for (let i = 0; i < SYMBOLS_PER_VECTOR; i++) vector |= (symbols[at + i] ?? LOST) << (12 - i * 2);
    chunks.push(vector);
    at += SYMBOLS_PER_VECTOR;
  }
  return chunks;
}

/** Reads what `writeTransportFeedback` or a browser wrote; null when malformed. */
export function readTransportFeedback(body: Buffer): TransportFeedback | null {
  if (body.length < HEAD) return null;
  const count = body.readUInt16BE(10);
  const symbols: number[] = [];
  let at = HEAD;
  while (symbols.length < count) {
    if (at + 2 > body.length) return null;
    pushSymbols(body.readUInt16BE(at), symbols);
    at += 2;
  }
  const arrivals: (number | null)[] = [];
  let time = 0;
  for (const symbol of symbols.slice(0, count)) {
    const size = symbol === SMALL ? 1 : symbol === LARGE ? 2 : 0;
    if (at + size > body.length) return null;
    if (size > 0) time += size === 1 ? body[at]! : body.readInt16BE(at);
    arrivals.push(size === 0 ? null : time);
    at += size;
  }
  return {
    senderSsrc: body.readUInt32BE(0),
    mediaSsrc: body.readUInt32BE(4),
    baseSequence: body.readUInt16BE(8),
    feedbackCount: body[15]!,
    referenceTime: body.readUIntBE(12, 3),
    arrivals,
  };
}

function pushSymbols(chunk: number, symbols: number[]): void {
  if ((chunk & 0x8000) === 0) {
    const symbol = (chunk >> 13) & 3;
    for (let i = chunk & MAX_RUN; i > 0; i--) symbols.push(symbol);
  } else if ((chunk & 0x4000) === 0) {
    for (let i = 13; i >= 0; i--) symbols.push((chunk >> i) & 1);
  } else {
    for (let i = 12; i >= 0; i -= 2) symbols.push((chunk >> i) & 3);
  }
}
