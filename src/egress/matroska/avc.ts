/** H.264 from the byte stream that encoders give (Annex B) to what containers hold. */

const SPS = 7;
const PPS = 8;
const DELIMITER = 9;

/** The NAL units of a picture, without their start codes. */
export function splitAnnexB(bytes: Buffer): Buffer[] {
  const units: Buffer[] = [];
  let start = -1;
  for (let at = bytes.indexOf(START_CODE); at !== -1; at = bytes.indexOf(START_CODE, at + 3)) {
    if (start >= 0) units.push(withoutZeros(bytes.subarray(start, at)));
    start = at + 3;
  }
  if (start >= 0) units.push(bytes.subarray(start));
  return units.filter((unit) => unit.length > 0);
}

const START_CODE = Buffer.from([0, 0, 1]);

/** A unit never ends in zeros; those before a start code belong to it (H.264 B.1). */
function withoutZeros(unit: Buffer): Buffer {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end--;
  return unit.subarray(0, end);
}

const typeOf = (unit: Buffer): number => unit[0]! & 0x1f;

/** The decoder configuration (`avcC`, ISO/IEC 14496-15 5.3.3.1), or null when the picture carries none. */
export function avcConfiguration(picture: Buffer): Buffer | null {
  const units = splitAnnexB(picture);
  const sps = units.find((unit) => typeOf(unit) === SPS);
  const pps = units.find((unit) => typeOf(unit) === PPS);
  if (!sps || !pps || sps.length < 4) return null;
  const LENGTH_SIZE_4 = 0xff;
  const ONE_SPS = 0xe1;
  return Buffer.concat([
    Buffer.from([1, sps[1]!, sps[2]!, sps[3]!, LENGTH_SIZE_4, ONE_SPS]),
    ...[lengthOf(sps, 2), sps, Buffer.from([1]), lengthOf(pps, 2), pps],
  ]);
}

/** Every unit behind its length in four bytes; parameter sets are in the configuration already. */
export function lengthPrefixed(picture: Buffer): Buffer {
  const units = splitAnnexB(picture).filter((unit) => ![SPS, PPS, DELIMITER].includes(typeOf(unit)));
  return Buffer.concat(units.flatMap((unit) => [lengthOf(unit, 4), unit]));
}

function lengthOf(unit: Buffer, bytes: 2 | 4): Buffer {
  const field = Buffer.alloc(bytes);
  field.writeUIntBE(unit.length, 0, bytes);
  return field;
}
