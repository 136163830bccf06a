import { isKeyFrame, Obu, obuPayload, obuType, readLeb128, sequenceSize, sizedObu } from './av1Obu.ts';
import { MAX_PARTS } from './frame.ts';
import { type Unit, UnitDepacketizer } from './unitDepacketizer.ts';

/** Begins each temporal unit of a stream; it is left out on the wire. */
const DELIMITER = Buffer.from([(Obu.DELIMITER << 3) | 0x02, 0]);

interface Element {
  bytes: Buffer;
  /** It goes on from the packet before, or in the next one. */
  continues: boolean;
  isContinued: boolean;
}

/** OBU elements of a payload (RTP Payload Format for AV1 4.4); null when it makes no sense. */
export function av1Elements(payload: Buffer): Element[] | null {
  if (payload.length < 2) return null;
  const head = payload[0]!;
  const count = (head >> 4) & 3;
  const elements: Element[] = [];
  for (let at = 1; at < payload.length; ) {
    const isLast = count > 0 && elements.length === count - 1;
    const size = isLast ? { value: payload.length - at, length: 0 } : readLeb128(payload, at);
    if (size === null || at + size.length + size.value > payload.length) return null;
    at += size.length;
    elements.push({ bytes: payload.subarray(at, at + size.value), continues: false, isContinued: false });
    at += size.value;
    if (isLast) break;
  }
  if (elements.length === 0 || (count > 0 && elements.length !== count)) return null;
  elements[0]!.continues = (head & 0x80) !== 0;
  elements.at(-1)!.isContinued = (head & 0x40) !== 0;
  return elements;
}

/** AV1 out of RTP: the OBUs of one temporal unit, all layers of it, as a decoder reads them from a file. */
export class Av1Depacketizer extends UnitDepacketizer {
  #obus: Buffer[] = [];
  /** Parts of an OBU that goes on. */
  #parts: Buffer[] = [];

  protected take(payload: Buffer): boolean {
    const elements = av1Elements(payload);
    if (elements === null) return false;
    for (const { bytes, continues, isContinued } of elements) {
      if (continues !== this.#parts.length > 0) return false;
      this.#parts.push(bytes);
      if (isContinued) continue;
      const obu = this.#parts.length === 1 ? bytes : Buffer.concat(this.#parts);
      this.#parts = [];
      if (obu.length > 0) this.#obus.push(obu);
    }
    return this.#obus.length <= MAX_PARTS;
  }

  protected unit(): Unit | null {
    return this.#obus.length > 0 && this.#parts.length === 0 ? temporalUnit(this.#obus) : null;
  }

  protected forget(): void {
    this.#obus = [];
    this.#parts = [];
  }
}

/** Null when an OBU is cut short, or no picture is among them. */
function temporalUnit(obus: Buffer[]): Unit | null {
  const bytes: Buffer[] = [DELIMITER];
  let size: Unit['size'];
  let hasSequence = false;
  let firstFrame: Buffer | undefined;
  for (const obu of obus) {
    const payload = obuPayload(obu);
    if (payload === null) return null;
    const type = obuType(obu);
    if (type === Obu.DELIMITER || type === Obu.TILE_LIST) continue;
    if (type === Obu.SEQUENCE) {
      hasSequence = true;
      size = sequenceSize(payload);
    }
    if (type === Obu.FRAME || type === Obu.FRAME_HEADER) firstFrame ??= payload;
    bytes.push(...sizedObu(obu, payload));
  }
  if (firstFrame === undefined) return null;
  return { data: Buffer.concat(bytes), keyFrame: hasSequence && isKeyFrame(firstFrame), size };
}
