/** The VP8 payload descriptor (RFC 7741 4.2), as far as a forwarder rewrites it. */

export interface Vp8Descriptor {
  /** Where the picture id stands, or −1. */
  pictureIdAt: number;
  /** 15-bit picture ids take two bytes. */
  wide: boolean;
  /** Where TL0PICIDX stands, or −1. */
  tl0At: number;
}

/** Reads the descriptor at `at` into `into`; false when the packet is cut short. */
export function readVp8Descriptor(packet: Uint8Array, at: number, into: Vp8Descriptor): boolean {
  into.pictureIdAt = -1;
  into.wide = false;
  into.tl0At = -1;
  if (at >= packet.length) return false;
  if ((packet[at]! & 0x80) === 0) return true;
  if (at + 1 >= packet.length) return false;
  const extension = packet[at + 1]!;
  let next = at + 2;
  if ((extension & 0x80) !== 0) {
    if (next >= packet.length) return false;
    into.pictureIdAt = next;
    into.wide = (packet[next]! & 0x80) !== 0;
    next += into.wide ? 2 : 1;
  }
  if ((extension & 0x40) !== 0) into.tl0At = next++;
  return next <= packet.length;
}

export function pictureIdOf(packet: Uint8Array, descriptor: Vp8Descriptor): number {
  const at = descriptor.pictureIdAt;
  return descriptor.wide ? ((packet[at]! & 0x7f) << 8) | packet[at + 1]! : packet[at]! & 0x7f;
}

/** @param wide whether it stands in two bytes */
export function writePictureId(packet: Uint8Array, at: number, wide: boolean, id: number): void {
  if (wide) {
    packet[at] = 0x80 | ((id >> 8) & 0x7f);
    packet[at + 1] = id & 0xff;
  } else {
    packet[at] = id & 0x7f;
  }
}
