/**
 * Picture size from an H.264 sequence parameter set (ITU-T H.264 7.3.2.1.1), read before any decoder
 * sees it, so that a picture over the room's limit costs nothing.
 */

import { BitReader } from './bitReader.ts';

/** Numbers of variable length, as parameter sets have them. */
class SpsReader extends BitReader {
  /** ue(v), Exp-Golomb (9.1). */
  ue(): number {
    let zeros = 0;
    while (this.bit() === 0) if (++zeros > 31) throw new RangeError('bad Exp-Golomb code');
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  se(): number {
    const code = this.ue();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}

/** Profiles that carry chroma format and scaling lists. */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** The size stands well within these first bytes; a unit of megabytes is not searched for it. */
const READ_BYTES = 1024;

/** Undefined when the set cannot be read. */
export function spsSize(nal: Buffer): { width: number; height: number } | undefined {
  try {
    return readSize(new SpsReader(withoutEmulation(nal.subarray(1, READ_BYTES))));
  } catch {
    return undefined;
  }
}

/** Takes out emulation prevention bytes (7.4.1). */
function withoutEmulation(bytes: Buffer): Buffer {
  const out: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    if (i >= 2 && bytes[i] === 3 && bytes[i - 1] === 0 && bytes[i - 2] === 0) continue;
    out.push(bytes[i]!);
  }
  return Buffer.from(out);
}

function readSize(reader: SpsReader): { width: number; height: number } {
  const profile = reader.bits(8);
  reader.bits(16);
  reader.ue();
  const chroma = HIGH_PROFILES.has(profile) ? readHighProfile(reader) : 1;
  reader.ue();
  readPictureOrder(reader);
  reader.ue();
  reader.bit();
  const widthMbs = reader.ue() + 1;
  const heightUnits = reader.ue() + 1;
  const frameMbsOnly = reader.bit();
  if (frameMbsOnly === 0) reader.bit();
  reader.bit();
  const height = heightUnits * 16 * (2 - frameMbsOnly);
  if (reader.bit() === 0) return { width: widthMbs * 16, height };
  const stepX = chroma === 1 || chroma === 2 ? 2 : 1;
  const stepY = (chroma === 1 ? 2 : 1) * (2 - frameMbsOnly);
  const cropX = (reader.ue() + reader.ue()) * stepX;
  const cropY = (reader.ue() + reader.ue()) * stepY;
  return { width: widthMbs * 16 - cropX, height: height - cropY };
}

function readHighProfile(reader: SpsReader): number {
  const chroma = reader.ue();
  if (chroma === 3) reader.bit();
  reader.ue();
  reader.ue();
  reader.bit();
  if (reader.bit() === 1) {
    for (let list = 0; list < (chroma === 3 ? 12 : 8); list++) {
      if (reader.bit() === 1) skipScalingList(reader, list < 6 ? 16 : 64);
    }
  }
  return chroma;
}

function skipScalingList(reader: SpsReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < size; i++) {
    if (next !== 0) next = (last + reader.se() + 256) % 256;
    if (next !== 0) last = next;
  }
}

function readPictureOrder(reader: SpsReader): void {
  const type = reader.ue();
  if (type === 0) {
    reader.ue();
  } else if (type === 1) {
    reader.bit();
    reader.se();
    reader.se();
    for (let left = reader.ue(); left > 0; left--) reader.se();
  }
}
