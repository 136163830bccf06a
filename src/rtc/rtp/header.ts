/** The RTP header (RFC 3550 5.1) and its extensions (RFC 8285), read where they lie. */

export const RTP_HEADER = 12;

export const payloadTypeOf = (packet: Buffer): number => packet[1]! & 0x7f;
export const markerOf = (packet: Buffer): boolean => (packet[1]! & 0x80) !== 0;
export const sequenceOf = (packet: Buffer): number => packet.readUInt16BE(2);
export const timestampOf = (packet: Buffer): number => packet.readUInt32BE(4);
export const ssrcOf = (packet: Buffer): number => packet.readUInt32BE(8);

/** RTCP packet types that can stand where RTP has its marker and payload type (RFC 5761 4). */
export function isRtcp(packet: Buffer): boolean {
  return packet.length > 1 && packet[1]! >= 192 && packet[1]! <= 223;
}

/** Length of the header with CSRCs and extension, or −1 when the packet is not RTP or is cut short. */
export function headerLength(packet: Buffer, length = packet.length): number {
  return headerLengthAt(packet, 0, length);
}

/** The same for a packet of `length` bytes that begins at `start`. */
export function headerLengthAt(bytes: Buffer, start: number, length: number): number {
  if (length < RTP_HEADER || bytes[start]! >> 6 !== 2) return -1;
  let header = RTP_HEADER + (bytes[start]! & 0x0f) * 4;
  if ((bytes[start]! & 0x10) !== 0) {
    if (header + 4 > length) return -1;
    header += 4 + bytes.readUInt16BE(start + header + 2) * 4;
  }
  return header <= length ? header : -1;
}

/** Length without the padding (RFC 3550 5.1), or −1 when the padding is longer than the payload. */
export function unpaddedLength(packet: Buffer, header: number): number {
  if ((packet[0]! & 0x20) === 0) return packet.length;
  const end = packet.length - packet[packet.length - 1]!;
  return packet.length > header && packet[packet.length - 1] !== 0 && end >= header ? end : -1;
}

const ONE_BYTE = 0xbede;

/**
 * Where the value of header extension `id` begins, or −1. One-byte and two-byte forms are read.
 * `needed` is the least number of bytes the value must have.
 */
export function extensionAt(packet: Buffer, header: number, id: number, needed: number): number {
  if ((packet[0]! & 0x10) === 0) return -1;
  const start = RTP_HEADER + (packet[0]! & 0x0f) * 4;
  const profile = packet.readUInt16BE(start);
  const oneByte = profile === ONE_BYTE;
  if (!oneByte && profile >> 4 !== 0x100) return -1;
  let at = start + 4;
  while (at < header) {
    const first = packet[at]!;
    if (first === 0) {
      at++;
      continue;
    }
    if (oneByte && first >> 4 === 15) return -1;
    if (!oneByte && at + 1 >= header) return -1;
    const found = oneByte ? first >> 4 : first;
    const length = oneByte ? (first & 0x0f) + 1 : packet[at + 1]!;
    const value = at + (oneByte ? 1 : 2);
    if (value + length > header) return -1;
    if (found === id) return length >= needed ? value : -1;
    at = value + length;
  }
  return -1;
}
