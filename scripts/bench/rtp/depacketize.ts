import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { joinNals } from '../clips/annexB.ts';

/**
 * One coded picture out of the RTP packets that carry it, complete and in order: what the mixer sent,
 * put together again to be decoded and judged.
 * @throws Error when the packets are not a whole picture
 */
export function joinPicture(codec: VideoCodec, packets: Buffer[]): Buffer {
  const payloads = packets.map(payloadOf);
  return codec === 'vp8' ? joinVp8(payloads) : joinNals(splitH264(payloads));
}

/** RFC 3550 5.1: fixed header, contributing sources, extension, padding. */
function payloadOf(packet: Buffer): Buffer {
  let start = 12 + 4 * (packet[0]! & 0x0f);
  if (packet[0]! & 0x10) start += 4 + 4 * packet.readUInt16BE(start + 2);
  const padding = packet[0]! & 0x20 ? packet.at(-1)! : 0;
  return packet.subarray(start, packet.length - padding);
}

/** RFC 7741 4.2. */
function joinVp8(payloads: Buffer[]): Buffer {
  return Buffer.concat(
    payloads.map((payload, index) => {
      const isStart = (payload[0]! & 0x17) === 0x10;
      if (isStart !== (index === 0)) throw new Error('a VP8 partition starts in the wrong packet');
      return payload.subarray(vp8DescriptorLength(payload));
    }),
  );
}

function vp8DescriptorLength(payload: Buffer): number {
  if (!(payload[0]! & 0x80)) return 1;
  const flags = payload[1]!;
  let length = 2;
  if (flags & 0x80) length += payload[length]! & 0x80 ? 2 : 1;
  if (flags & 0x40) length += 1;
  if (flags & 0x30) length += 1;
  return length;
}

/** RFC 6184 5.6 to 5.8: single units, STAP-A and FU-A. */
function splitH264(payloads: Buffer[]): Buffer[] {
  const nals: Buffer[] = [];
  let fragments: Buffer[] = [];
  for (const payload of payloads) {
    const type = payload[0]! & 0x1f;
    if (type === 24) nals.push(...splitAggregate(payload));
    else if (type !== 28) nals.push(payload);
    else {
      const head = payload[1]!;
      if (head & 0x80) fragments = [Buffer.from([(payload[0]! & 0xe0) | (head & 0x1f)])];
      if (fragments.length === 0) throw new Error('an H.264 fragment without its start');
      fragments.push(payload.subarray(2));
      if (!(head & 0x40)) continue;
      nals.push(Buffer.concat(fragments));
      fragments = [];
    }
  }
  if (fragments.length > 0) throw new Error('an H.264 fragment without its end');
  return nals;
}

function splitAggregate(payload: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  for (let at = 1; at + 2 < payload.length; ) {
    const end = at + 2 + payload.readUInt16BE(at);
    nals.push(payload.subarray(at + 2, end));
    at = end;
  }
  return nals;
}
