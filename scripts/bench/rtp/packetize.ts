import { NalType, nalType } from '../clips/annexB.ts';
import { cutEvenly, MAX_PAYLOAD } from './header.ts';

/** Where the 15-bit picture id stands in a packet made by `vp8Payloads`, from the packet's start. */
export const PICTURE_ID_AT = 14;

const VP8_DESCRIPTOR_BYTES = 4;

/** Payloads of one VP8 picture: descriptor with a 15-bit picture id (RFC 7741 4.2), as browsers send. */
export function vp8Payloads(picture: Buffer, pictureId: number): Buffer[][] {
  return cutEvenly(picture, MAX_PAYLOAD - VP8_DESCRIPTOR_BYTES).map((part, index) => {
    const descriptor = Buffer.from([0x80 | (index === 0 ? 0x10 : 0), 0x80, 0, 0]);
    descriptor.writeUInt16BE(0x8000 | (pictureId & 0x7fff), 2);
    return [descriptor, part];
  });
}

/**
 * Payloads of one H.264 picture (RFC 6184): parameter sets together in a STAP-A, large units in FU-A,
 * the others alone.
 */
export function h264Payloads(nals: Buffer[]): Buffer[][] {
  const isParameterSet = (nal: Buffer) => nalType(nal) === NalType.SPS || nalType(nal) === NalType.PPS;
  const sets = nals.filter(isParameterSet);
  const payloads: Buffer[][] = sets.length > 0 ? [aggregate(sets)] : [];
  for (const nal of nals) {
    if (isParameterSet(nal)) continue;
    if (nal.length <= MAX_PAYLOAD) payloads.push([nal]);
    else payloads.push(...fragment(nal));
  }
  return payloads;
}

const STAP_A = 24;
const FU_A = 28;

function aggregate(nals: Buffer[]): Buffer[] {
  const importance = Math.max(...nals.map((nal) => nal[0]! & 0x60));
  const parts: Buffer[] = [Buffer.from([importance | STAP_A])];
  for (const nal of nals) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(nal.length);
    parts.push(length, nal);
  }
  return parts;
}

function fragment(nal: Buffer): Buffer[][] {
  const indicator = (nal[0]! & 0xe0) | FU_A;
  const parts = cutEvenly(nal.subarray(1), MAX_PAYLOAD - 2);
  return parts.map((part, index) => {
    const start = index === 0 ? 0x80 : 0;
    const end = index === parts.length - 1 ? 0x40 : 0;
    return [Buffer.from([indicator, start | end | nalType(nal)]), part];
  });
}
