/** AV1 from temporal units, as decoders read them, to what containers hold. */

const SEQUENCE = 1;
const DELIMITER = 2;
/** OBUs of one unit looked at: the header stands before the picture. */
const MAX_OBUS = 64;

interface Obu {
  type: number;
  /** With its header and size. */
  whole: Buffer;
  payload: Buffer;
}

/** OBUs with their size in them (AV1 bitstream specification 5.2), as far as they are whole. */
function* obusOf(unit: Buffer): IterableIterator<Obu> {
  for (let at = 0, count = 0; at < unit.length && count < MAX_OBUS; count++) {
    const head = unit[at]!;
    if ((head & 0x02) === 0) return;
    let start = at + ((head & 0x04) === 0 ? 1 : 2);
    let size = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = unit[start++] ?? 0;
      size |= (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) break;
    }
    if (start + size > unit.length) return;
    const [whole, payload] = [unit.subarray(at, start + size), unit.subarray(start, start + size)];
    yield { type: (head >> 3) & 0x0f, whole, payload };
    at = start + size;
  }
}

/** Level 31: whatever a decoder can. */
const ANY_LEVEL = 31;

/**
 * The decoder configuration (`av1C`, AV1 in ISOBMFF 2.3.3) of a stream of profile 0, or null when the unit
 * carries no sequence header.
 */
export function av1Configuration(unit: Buffer): Buffer | null {
  for (const { type, whole, payload } of obusOf(unit)) {
    if (type !== SEQUENCE || payload.length < 4) continue;
    const isReduced = (payload[0]! & 0x08) !== 0;
    const hasTiming = (payload[0]! & 0x04) !== 0;
    // seq_level_idx[0] stands behind twelve bits of idc; with timing information, somewhere else.
    const level = isReduced || hasTiming ? ANY_LEVEL : payload[3]! >> 3;
    // 4:2:0, 8 bits, main tier.
    return Buffer.concat([Buffer.from([0x81, level, 0x0c, 0]), whole]);
  }
  return null;
}

/** A unit without its delimiter, which containers leave out. */
export function withoutDelimiter(unit: Buffer): Buffer {
  const [first] = obusOf(unit);
  return first?.type === DELIMITER ? unit.subarray(first.whole.length) : unit;
}
