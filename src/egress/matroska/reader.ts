import { type FileHandle, open } from 'node:fs/promises';

/** Ids of what our writer writes and a reader needs (RFC 9559, 5.1). */
export const Id = {
  SEGMENT: 0x18538067,
  INFO: 0x1549a966,
  VOID: 0xec,
  TRACKS: 0x1654ae6b,
  CLUSTER: 0x1f43b675,
  TIMESTAMP: 0xe7,
  BLOCK_GROUP: 0xa0,
  BLOCK: 0xa1,
  DURATION: 0x9b,
  REFERENCE: 0xfb,
  CUES: 0x1c53bb6b,
  CODEC_PRIVATE: 0x63a2,
} as const;

export interface Element {
  id: number;
  /** Where it begins in the file, and where its content does. */
  offset: number;
  start: number;
  /** Of its content; null when only what follows says where it ends. */
  length: number | null;
}

/** Those whose content is read element by element. */
const OPENED: ReadonlySet<number> = new Set([Id.SEGMENT, Id.CLUSTER, Id.INFO]);

const PIECE_BYTES = 256 * 1024;
/** The longest head: four bytes of id, eight of size. */
const HEAD_BYTES = 12;

/**
 * Reads a file that our writer made, element after element, as far as it is whole: a process that was
 * killed may have left half of one at the end.
 */
export class ElementReader {
  readonly #file: FileHandle;
  #piece: Buffer = Buffer.alloc(0);
  #pieceAt = 0;
  #at = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Calls `use` with a reader of the file, which is closed afterwards. */
  static async over<T>(path: string, use: (reader: ElementReader) => Promise<T>): Promise<T> {
    const reader = await ElementReader.open(path);
    try {
      return await use(reader);
    } finally {
      await reader.close();
    }
  }

  /** The caller closes it. */
  static async open(path: string): Promise<ElementReader> {
    return new ElementReader(await open(path, 'r'));
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** Behind the last element that was whole. */
  get at(): number {
    return this.#at;
  }

  /** The next one, those in a segment or a cluster included; null at the end, or where no whole one follows. */
  async next(): Promise<Element | null> {
    const offset = this.#at;
    const head = await this.#read(offset, HEAD_BYTES, true);
    const element = head && parseHead(head, offset);
    if (!element) return null;
    if (OPENED.has(element.id)) {
      this.#at = element.start;
      return element;
    }
    // Of the others we know all sizes; one that is not there is none of ours.
    if (element.length === null) return null;
    const end = element.start + element.length;
    if ((await this.#read(end - 1, 1)) === null) return null;
    this.#at = end;
    return element;
  }

  /** What is in it. @throws RangeError when that is not in the file */
  async content({ start, length }: Element): Promise<Buffer> {
    const bytes = await this.#read(start, length ?? 0);
    if (!bytes) throw new RangeError('an element is cut short');
    return Buffer.from(bytes);
  }

  /** A view that holds until the next call; null beyond the end. `less` takes what there is. */
  async #read(at: number, length: number, less = false): Promise<Buffer | null> {
    const from = at - this.#pieceAt;
    if (from < 0 || from + length > this.#piece.length) {
      const piece = Buffer.alloc(Math.max(PIECE_BYTES, length));
      const { bytesRead } = await this.#file.read(piece, 0, piece.length, at);
      this.#piece = piece.subarray(0, bytesRead);
      this.#pieceAt = at;
    }
    const view = this.#piece.subarray(at - this.#pieceAt, at - this.#pieceAt + length);
    return view.length === length || (less && view.length > 0) ? view : null;
  }
}

/** RFC 8794, 4 and 5: both numbers say by their leading zeros how long they are. */
function parseHead(head: Buffer, offset: number): Element | null {
  const idLength = Math.clz32(head[0]!) - 23;
  const sizeLength = head.length > idLength ? Math.clz32(head[idLength]!) - 23 : 9;
  if (idLength > 4 || sizeLength > 8 || head.length < idLength + sizeLength) return null;
  const id = head.readUIntBE(0, idLength);
  const start = offset + idLength + sizeLength;
  const length = sizeOf(head.subarray(idLength, idLength + sizeLength));
  return length !== null && length > Number.MAX_SAFE_INTEGER / 2 ? null : { id, offset, start, length };
}

/** Null when all its bits are ones: unknown. */
function sizeOf(bytes: Buffer): number | null {
  let value = BigInt(bytes[0]! & (0xff >> bytes.length));
  for (const byte of bytes.subarray(1)) value = (value << 8n) | BigInt(byte);
  return value === (1n << BigInt(7 * bytes.length)) - 1n ? null : Number(value);
}

/** The elements in a buffer. */
export function elementsIn(bytes: Buffer): { id: number; content: Buffer }[] {
  const found: { id: number; content: Buffer }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const element = parseHead(bytes.subarray(at, at + HEAD_BYTES), at);
    if (!element || element.length === null || element.start + element.length > bytes.length) break;
    const end = element.start + element.length;
    found.push({ id: element.id, content: bytes.subarray(element.start, end) });
    at = end;
  }
  return found;
}
