import { BitReader } from './bitReader.ts';

/** What a VP9 frame says of itself before anything is decoded. */
export interface Vp9Header {
  keyFrame: boolean;
  /** Of a key frame. */
  size: { width: number; height: number } | undefined;
}

const SYNC_CODE = 0x498342;
/** color_space of pictures in RGB. */
const SRGB = 7;

/** The beginning of the uncompressed header (VP9 bitstream specification 6.2); null when it is none. */
export function vp9Header(frame: Buffer): Vp9Header | null {
  try {
    return readHeader(new BitReader(frame));
  } catch {
    return null;
  }
}

function readHeader(reader: BitReader): Vp9Header | null {
  if (reader.bits(2) !== 2) return null;
  const profile = reader.bit() + 2 * reader.bit();
  if (profile === 3) reader.skip(1);
  const showsExisting = reader.bit() === 1;
  const keyFrame = !showsExisting && reader.bit() === 0;
  if (!keyFrame) return { keyFrame, size: undefined };
  reader.skip(2);
  if (reader.bits(24) !== SYNC_CODE) return null;
  skipColours(reader, profile);
  return { keyFrame, size: { width: reader.bits(16) + 1, height: reader.bits(16) + 1 } };
}

/** color_config (6.2.2). */
function skipColours(reader: BitReader, profile: number): void {
  if (profile >= 2) reader.skip(1);
  const isOdd = profile === 1 || profile === 3;
  if (reader.bits(3) === SRGB) {
    if (isOdd) reader.skip(1);
    return;
  }
  reader.skip(isOdd ? 4 : 1);
}
