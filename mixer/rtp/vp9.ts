import { type Unit, UnitDepacketizer } from './unitDepacketizer.ts';
import { vp9Header } from './vp9Header.ts';

/** Layer frames of one picture at most (RFC 9628 4.2: SID has three bits). */
const MAX_LAYERS = 8;

interface Descriptor {
  length: number;
  /** B and E: the payload begins and ends a layer's frame. */
  begins: boolean;
  ends: boolean;
  /** The largest size that a scalability structure names. */
  size: { width: number; height: number } | undefined;
}

/** The payload descriptor (RFC 9628 4.2); null when it is cut short or nothing follows it. */
export function vp9Descriptor(payload: Buffer): Descriptor | null {
  if (payload.length < 2) return null;
  const flags = payload[0]!;
  const has = (bit: number) => (flags & bit) !== 0;
  const isFlexible = has(0x10);
  let length = 1;
  if (has(0x80)) length += (payload[length] ?? 0) & 0x80 ? 2 : 1;
  if (has(0x20)) length += isFlexible ? 1 : 2;
  if (has(0x40) && isFlexible) length += referenceBytes(payload, length);
  let size: Descriptor['size'];
  if (has(0x02)) {
    const structure = scalability(payload, length);
    if (structure === null) return null;
    length += structure.length;
    size = structure.size;
  }
  return length < payload.length ? { length, begins: has(0x08), ends: has(0x04), size } : null;
}

/** P_DIFF, N: one byte for each of at most three references. */
function referenceBytes(payload: Buffer, at: number): number {
  let count = 1;
  while (count < 3 && (payload[at + count - 1] ?? 0) & 1) count++;
  return count;
}

/** The scalability structure (RFC 9628 4.2.1). */
function scalability(payload: Buffer, at: number): Pick<Descriptor, 'length' | 'size'> | null {
  const head = payload[at];
  if (head === undefined) return null;
  const layers = (head >> 5) + 1;
  let end = at + 1;
  let size: Descriptor['size'];
  if (head & 0x10) {
    if (end + 4 * layers > payload.length) return null;
    for (let layer = 0; layer < layers; layer++, end += 4) {
      const [width, height] = [payload.readUInt16BE(end), payload.readUInt16BE(end + 2)];
      if (size === undefined || width * height > size.width * size.height) size = { width, height };
    }
  }
  if (head & 0x08) {
    const pictures = payload[end] ?? 0;
    end++;
    for (let picture = 0; picture < pictures; picture++) {
      end += 1 + (((payload[end] ?? 0) >> 2) & 3);
      if (end > payload.length) return null;
    }
  }
  return { length: end - at, size };
}

/**
 * VP9 out of RTP, with all spatial layers of a picture: they are decoded one after the other, and the last
 * one is the picture.
 */
export class Vp9Depacketizer extends UnitDepacketizer {
  #layers: Buffer[] = [];
  #parts: Buffer[] = [];
  #size: Descriptor['size'];

  protected take(payload: Buffer): boolean {
    const descriptor = vp9Descriptor(payload);
    if (descriptor === null || descriptor.begins !== (this.#parts.length === 0)) return false;
    this.#size = descriptor.size ?? this.#size;
    this.#parts.push(payload.subarray(descriptor.length));
    if (!descriptor.ends) return true;
    this.#layers.push(this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts));
    this.#parts = [];
    return this.#layers.length <= MAX_LAYERS;
  }

  protected unit(): Unit | null {
    const layers = this.#layers;
    const isWhole = layers.length > 0 && this.#parts.length === 0;
    const header = isWhole ? vp9Header(layers[0]!) : null;
    if (header === null) return null;
    const { keyFrame } = header;
    const size = keyFrame ? larger(header.size, this.#size) : undefined;
    if (layers.length === 1) return { data: layers[0]!, keyFrame, size };
    return { data: Buffer.concat(layers), keyFrame, size, layers };
  }

  protected forget(): void {
    this.#layers = [];
    this.#parts = [];
    this.#size = undefined;
  }
}

function larger(one: Descriptor['size'], other: Descriptor['size']): Descriptor['size'] {
  if (one === undefined || other === undefined) return one ?? other;
  return one.width * one.height >= other.width * other.height ? one : other;
}
