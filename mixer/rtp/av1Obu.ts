import { BitReader } from './bitReader.ts';

/** Types of OBUs (AV1 bitstream specification 6.2.2). */
export const Obu = { SEQUENCE: 1, DELIMITER: 2, FRAME_HEADER: 3, FRAME: 6, TILE_LIST: 8 } as const;

export const obuType = (obu: Buffer): number => (obu[0]! >> 3) & 0x0f;
const hasExtension = (obu: Buffer): boolean => (obu[0]! & 0x04) !== 0;
const hasSize = (obu: Buffer): boolean => (obu[0]! & 0x02) !== 0;

/** leb128 (4.10.5); null when it is cut short or beyond 32 bits. */
export function readLeb128(bytes: Buffer, at: number): { value: number; length: number } | null {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if ((byte & 0x80) === 0) return value < 2 ** 32 ? { value, length: i + 1 } : null;
  }
  return null;
}

export function writeLeb128(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  do {
    bytes.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Buffer.from(bytes);
}

/** What stands behind the header, and behind the size where there is one; null when it is cut short. */
export function obuPayload(obu: Buffer): Buffer | null {
  const head = hasExtension(obu) ? 2 : 1;
  if (obu.length < head) return null;
  if (!hasSize(obu)) return obu.subarray(head);
  const size = readLeb128(obu, head);
  if (size === null) return null;
  const start = head + size.length;
  return start + size.value <= obu.length ? obu.subarray(start, start + size.value) : null;
}

/** The OBU with its size in it, as decoders want it (5.2). */
export function sizedObu(obu: Buffer, payload: Buffer): Buffer[] {
  const head = Buffer.from(obu.subarray(0, hasExtension(obu) ? 2 : 1));
  head[0]! |= 0x02;
  return [head, writeLeb128(payload.length), payload];
}

/** Whether a frame (header) OBU begins a key frame that is shown or can be (5.9.2). */
export function isKeyFrame(payload: Buffer): boolean {
  // show_existing_frame, then frame_type: 0 is KEY_FRAME.
  return payload.length > 0 && (payload[0]! & 0xe0) === 0;
}

/** The largest picture that a sequence header allows (5.5.1); undefined when it cannot be read. */
export function sequenceSize(payload: Buffer): { width: number; height: number } | undefined {
  try {
    const reader = new BitReader(payload);
    skipToSize(reader);
    const [widthBits, heightBits] = [reader.bits(4) + 1, reader.bits(4) + 1];
    return { width: reader.bits(widthBits) + 1, height: reader.bits(heightBits) + 1 };
  } catch {
    return undefined;
  }
}

function skipToSize(reader: BitReader): void {
  reader.skip(4);
  if (reader.bit() === 1) {
    reader.skip(5);
    return;
  }
  const delayBits = reader.bit() === 1 ? readTiming(reader) : 0;
  const saysDelay = reader.bit() === 1;
  for (let points = reader.bits(5) + 1; points > 0; points--) {
    reader.skip(12);
    if (reader.bits(5) > 7) reader.skip(1);
    if (delayBits > 0 && reader.bit() === 1) reader.skip(2 * delayBits + 1);
    if (saysDelay && reader.bit() === 1) reader.skip(4);
  }
}

/** timing_info and decoder_model_info (5.5.3, 5.5.4); gives the bits of a delay, 0 without a model. */
function readTiming(reader: BitReader): number {
  reader.skip(64);
  if (reader.bit() === 1) skipUvlc(reader);
  if (reader.bit() === 0) return 0;
  const delayBits = reader.bits(5) + 1;
  reader.skip(32 + 5 + 5);
  return delayBits;
}

/** uvlc (4.10.3). */
function skipUvlc(reader: BitReader): void {
  let zeros = 0;
  while (reader.bit() === 0) if (++zeros >= 32) return;
  reader.skip(zeros);
}
