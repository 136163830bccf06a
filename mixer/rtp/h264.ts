import {
  type CodedFrame,
  type Depacketizer,
  MAX_PARTS,
  MAX_PAYLOAD_BYTES,
  type Packetizer,
} from './frame.ts';
import { spsSize } from './h264Sps.ts';
import type { RtpPacket } from './packet.ts';

/** NAL unit and aggregate types (H.264 table 7-1, RFC 6184 5.2). */
const Nal = { IDR: 5, SPS: 7, STAP_A: 24, FU_A: 28 } as const;
const START_CODE = Buffer.from([0, 0, 0, 1]);

/** Annex B out of single NAL units, STAP-A and FU-A (RFC 6184, packetization modes 0 and 1). */
export class H264Depacketizer implements Depacketizer {
  #nals: Buffer[] = [];
  /** Parts of a fragmented unit, rebuilt header first. */
  #fragments: Buffer[] = [];
  #rtpTimestamp = 0;
  #broken = false;
  #afterLoss = false;

  push(packet: RtpPacket): CodedFrame | null {
    if (packet.payload.length === 0) return null;
    if (this.#nals.length + this.#fragments.length > 0 && packet.rtpTimestamp !== this.#rtpTimestamp) {
      // The frame before never had its marker: without it nobody knows whether it was whole.
      this.lost();
    }
    if (this.#rtpTimestamp !== packet.rtpTimestamp) this.#broken = false;
    this.#rtpTimestamp = packet.rtpTimestamp;
    if (!this.#broken && !this.#take(packet.payload)) this.lost();
    return packet.marker ? this.#complete(packet) : null;
  }

  lost(): void {
    this.#nals = [];
    this.#fragments = [];
    this.#afterLoss = true;
    this.#broken = true;
  }

  /** False when the payload makes no sense where it stands. */
  #take(payload: Buffer): boolean {
    if (this.#nals.length + this.#fragments.length > MAX_PARTS) return false;
    const type = payload[0]! & 0x1f;
    if (type >= 1 && type <= 23) {
      this.#nals.push(payload);
      return true;
    }
    if (type === Nal.STAP_A) return this.#takeAggregate(payload);
    if (type === Nal.FU_A && payload.length > 2) return this.#takeFragment(payload);
    return false;
  }

  #takeAggregate(payload: Buffer): boolean {
    let at = 1;
    while (at + 2 < payload.length) {
      const end = at + 2 + payload.readUInt16BE(at);
      if (end > payload.length || end === at + 2) return false;
      this.#nals.push(payload.subarray(at + 2, end));
      at = end;
    }
    return at === payload.length;
  }

  #takeFragment(payload: Buffer): boolean {
    const fuHeader = payload[1]!;
    if (fuHeader & 0x80) {
      if (this.#fragments.length > 0) return false;
      this.#fragments = [Buffer.from([(payload[0]! & 0xe0) | (fuHeader & 0x1f)])];
    } else if (this.#fragments.length === 0) {
      return false;
    }
    this.#fragments.push(payload.subarray(2));
    if (fuHeader & 0x40) {
      this.#nals.push(Buffer.concat(this.#fragments));
      this.#fragments = [];
    }
    return true;
  }

  #complete(last: RtpPacket): CodedFrame | null {
    const nals = this.#nals;
    const whole = !this.#broken && nals.length > 0 && this.#fragments.length === 0;
    this.#nals = [];
    this.#fragments = [];
    this.#broken = false;
    if (!whole) {
      this.#afterLoss = true;
      return null;
    }
    const afterLoss = this.#afterLoss;
    this.#afterLoss = false;
    const sps = nals.find((nal) => (nal[0]! & 0x1f) === Nal.SPS);
    return {
      rtpTimestamp: last.rtpTimestamp,
      keyFrame: nals.some((nal) => (nal[0]! & 0x1f) === Nal.IDR),
      data: Buffer.concat(nals.flatMap((nal) => [START_CODE, nal])),
      arrivalUs: last.arrivalUs,
      size: sps === undefined ? undefined : spsSize(sps),
      afterLoss,
    };
  }
}

/** NAL units of an Annex B stream, without their start codes. */
export function splitAnnexB(data: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  let start = -1;
  let at = data.indexOf('\0\0\x01', 0, 'latin1');
  while (at >= 0) {
    if (start >= 0) nals.push(data.subarray(start, data[at - 1] === 0 ? at - 1 : at));
    start = at + 3;
    at = data.indexOf('\0\0\x01', start, 'latin1');
  }
  if (start >= 0) nals.push(data.subarray(start));
  return nals.filter((nal) => nal.length > 0);
}

/** Packetization mode 1: parameter sets share a STAP-A, large units become FU-A. */
export class H264Packetizer implements Packetizer {
  cut(data: Buffer): Buffer[][] {
    const payloads: Buffer[][] = [];
    let small: Buffer[] = [];
    let smallBytes = 1;
    const flush = () => {
      if (small.length > 0) payloads.push(small.length === 1 ? [small[0]!] : aggregate(small));
      small = [];
      smallBytes = 1;
    };
    for (const nal of splitAnnexB(data)) {
      if (nal.length <= MAX_PAYLOAD_BYTES) {
        if (smallBytes + 2 + nal.length > MAX_PAYLOAD_BYTES) flush();
        small.push(nal);
        smallBytes += 2 + nal.length;
      } else {
        flush();
        payloads.push(...fragment(nal));
      }
    }
    flush();
    return payloads;
  }
}

function aggregate(nals: Buffer[]): Buffer[] {
  const importance = Math.max(...nals.map((nal) => nal[0]! & 0x60));
  const parts: Buffer[] = [Buffer.from([importance | Nal.STAP_A])];
  for (const nal of nals) {
    parts.push(Buffer.from([nal.length >> 8, nal.length & 0xff]), nal);
  }
  return parts;
}

function fragment(nal: Buffer): Buffer[][] {
  const payloads: Buffer[][] = [];
  const room = MAX_PAYLOAD_BYTES - 2;
  const indicator = (nal[0]! & 0xe0) | Nal.FU_A;
  const type = nal[0]! & 0x1f;
  for (let at = 1; at < nal.length; at += room) {
    const start = at === 1 ? 0x80 : 0;
    const end = at + room >= nal.length ? 0x40 : 0;
    payloads.push([Buffer.from([indicator, start | end | type]), nal.subarray(at, at + room)]);
  }
  return payloads;
}
