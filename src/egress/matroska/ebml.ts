/** EBML as Matroska is written in it (RFC 8794): an element is an id, a size and its content. */

/** An element id with its marker bits, as the specification prints it. */
const idBytes = (id: number): Buffer => {
  const hex = id.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
};

/** The shortest size field that holds `size` (RFC 8794, 4); all ones would mean "unknown". */
function sizeBytes(size: number): Buffer {
  for (let length = 1; length <= 6; length++) {
    if (size >= 2 ** (7 * length) - 1) continue;
    const bytes = Buffer.alloc(length);
    bytes.writeUIntBE(size, 0, length);
    bytes[0]! |= 0x80 >> (length - 1);
    return bytes;
  }
  throw new RangeError(`an element of ${size} bytes`);
}

const UNKNOWN_SIZE = Buffer.from('01ffffffffffffff', 'hex');

export function element(id: number, ...content: Buffer[]): Buffer {
  const size = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([idBytes(id), sizeBytes(size), ...content]);
}

/** Begins an element that ends where the next of its level begins, or the stream does. */
export const openElement = (id: number): Buffer => Buffer.concat([idBytes(id), UNKNOWN_SIZE]);

/** @param value 0 to 2^48 − 1 */
export function unsigned(id: number, value: number): Buffer {
  let length = 1;
  while (value >= 2 ** (8 * length)) length++;
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(value, 0, length);
  return element(id, bytes);
}

export function float(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return element(id, bytes);
}

export const text = (id: number, value: string): Buffer => element(id, Buffer.from(value));
