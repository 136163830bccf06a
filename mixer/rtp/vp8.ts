import {
  type CodedFrame,
  type Depacketizer,
  MAX_PARTS,
  MAX_PAYLOAD_BYTES,
  type Packetizer,
} from './frame.ts';
import type { RtpPacket } from './packet.ts';

/** Length of the payload descriptor (RFC 7741 4.2), or 0 when it is cut short. */
export function vp8DescriptorLength(payload: Buffer): number {
  if (payload.length < 1) return 0;
  if ((payload[0]! & 0x80) === 0) return 1;
  if (payload.length < 2) return 0;
  const extension = payload[1]!;
  let length = 2;
  if (extension & 0x80) length += (payload[length] ?? 0) & 0x80 ? 2 : 1;
  if (extension & 0x40) length += 1;
  if (extension & 0x30) length += 1;
  return length < payload.length ? length : 0;
}

/** Width and height from a key frame's header (RFC 6386 9.1); undefined where it is no key frame. */
export function vp8Size(frame: Buffer): { width: number; height: number } | undefined {
  if (frame.length < 10 || (frame[0]! & 1) !== 0) return undefined;
  if (frame[3] !== 0x9d || frame[4] !== 0x01 || frame[5] !== 0x2a) return undefined;
  return { width: frame.readUInt16LE(6) & 0x3fff, height: frame.readUInt16LE(8) & 0x3fff };
}

export class Vp8Depacketizer implements Depacketizer {
  #parts: Buffer[] = [];
  #rtpTimestamp = 0;
  #afterLoss = false;

  push(packet: RtpPacket): CodedFrame | null {
    if (packet.payload.length === 0) return null;
    const head = vp8DescriptorLength(packet.payload);
    if (head === 0) {
      this.lost();
      return null;
    }
    const first = packet.payload[0]!;
    if ((first & 0x10) !== 0 && (first & 0x07) === 0) {
      // The frame before never had its last packet: it is gone.
      if (this.#parts.length > 0) this.#afterLoss = true;
      this.#parts = [];
      this.#rtpTimestamp = packet.rtpTimestamp;
    } else if (!this.#continues(packet)) {
      this.lost();
      return null;
    }
    this.#parts.push(packet.payload.subarray(head));
    return packet.marker ? this.#complete(packet) : null;
  }

  lost(): void {
    this.#parts = [];
    this.#afterLoss = true;
  }

  #continues(packet: RtpPacket): boolean {
    const begun = this.#parts.length > 0 && this.#parts.length < MAX_PARTS;
    return begun && packet.rtpTimestamp === this.#rtpTimestamp;
  }

  #complete(last: RtpPacket): CodedFrame {
    const data = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    const keyFrame = (data[0]! & 1) === 0;
    const afterLoss = this.#afterLoss;
    this.#parts = [];
    this.#afterLoss = false;
    const size = keyFrame ? vp8Size(data) : undefined;
    return { rtpTimestamp: last.rtpTimestamp, keyFrame, data, arrivalUs: last.arrivalUs, size, afterLoss };
  }
}

/** Bytes of the payload descriptor that we write. */
const DESCRIPTOR_BYTES = 4;

/** Payload descriptor with a 15-bit picture id (RFC 7741 4.2), which the forwarder rewrites. */
export class Vp8Packetizer implements Packetizer {
  #pictureId = 0;

  cut(data: Buffer): Buffer[][] {
    const payloads: Buffer[][] = [];
    this.#pictureId = (this.#pictureId + 1) & 0x7fff;
    const count = Math.max(1, Math.ceil(data.length / (MAX_PAYLOAD_BYTES - DESCRIPTOR_BYTES)));
    const step = Math.ceil(data.length / count);
    for (let index = 0; index < count; index++) {
      const head = Buffer.from([0x80, 0x80, 0x80 | (this.#pictureId >> 8), this.#pictureId & 0xff]);
      if (index === 0) head[0] = 0x90;
      payloads.push([head, data.subarray(index * step, (index + 1) * step)]);
    }
    return payloads;
  }
}
