/** What a file of the library is, by its name and by its first bytes. */

export type FileKind = 'image' | 'video' | 'sound';

export interface FileType {
  kind: FileKind;
  /** Media type. */
  type: string;
  /** Whether a file that begins like this can be one. */
  matches(head: Buffer): boolean;
}

const startsWith =
  (...bytes: number[]) =>
  (head: Buffer): boolean =>
    head.subarray(0, bytes.length).equals(Buffer.from(bytes));

const text = (head: Buffer, at: number, length: number): string => head.toString('latin1', at, at + length);

/** MPEG audio: an ID3 tag, or the sync word of a frame. */
const isMp3 = (head: Buffer): boolean =>
  text(head, 0, 3) === 'ID3' || (head[0] === 0xff && (head[1]! & 0xe0) === 0xe0);

const jpeg: FileType = { kind: 'image', type: 'image/jpeg', matches: startsWith(0xff, 0xd8, 0xff) };

/** By the ending of the name. */
const types: ReadonlyMap<string, FileType> = new Map([
  ['png', { kind: 'image', type: 'image/png', matches: startsWith(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10) }],
  ['jpg', jpeg],
  ['jpeg', jpeg],
  [
    'webp',
    {
      kind: 'image',
      type: 'image/webp',
      matches: (head) => text(head, 0, 4) === 'RIFF' && text(head, 8, 4) === 'WEBP',
    },
  ],
  ['mp4', { kind: 'video', type: 'video/mp4', matches: (head) => text(head, 4, 4) === 'ftyp' }],
  ['webm', { kind: 'video', type: 'video/webm', matches: startsWith(0x1a, 0x45, 0xdf, 0xa3) }],
  ['mp3', { kind: 'sound', type: 'audio/mpeg', matches: isMp3 }],
]);

export const endings: readonly string[] = [...types.keys()];

/** @returns undefined for a name whose ending is none of ours */
export const fileTypeOf = (name: string): FileType | undefined =>
  types.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase());
