import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { RostrumError } from '../errors.ts';
import { type FileKind, fileTypeOf } from './fileType.ts';
import { imageSize } from './imageSize.ts';

/** Largest image taken. */
export const MAX_IMAGE_BYTES = 8 * 1024 * 1024;
/** Longest side of an image, in pixels. */
export const MAX_IMAGE_SIDE = 4096;
/** Enough to know the kind of a file, and the size of most images: lists look at hundreds of files. */
const HEAD_BYTES = 1024;
/** The size of a JPEG may stand behind its metadata, seldom this much of it. */
const LONGER_HEADS_BYTES = [64 * 1024, 1024 * 1024];

/** A file of the library. */
export interface LibraryFile {
  name: string;
  kind: FileKind;
  /** Media type. */
  type: string;
  bytes: number;
  /** In pixels, of images. */
  width?: number;
  height?: number;
}

/**
 * Looks into a file, which is no link and lies in one of our folders.
 * @param name what it is called, which may differ from its path while it is being taken in
 * @throws RostrumError file-refused, with the reason; no-such-file
 */
export function inspect(path: string, name: string): LibraryFile {
  const found = fileTypeOf(name);
  if (!found) throw refused(name, 'its ending is not one of ours');
  const file = openPlain(path, name);
  try {
    const { size } = fstatSync(file);
    const head = readStart(file, Math.min(size, HEAD_BYTES));
    if (!found.matches(head)) throw refused(name, `it does not begin like ${found.type}`);
    const { kind, type } = found;
    if (kind !== 'image') return { name, kind, type, bytes: size };
    if (size > MAX_IMAGE_BYTES)
      throw refused(name, `an image may have ${MAX_IMAGE_BYTES} bytes, it has ${size}`);
    let image = imageSize(type, head);
    for (const bytes of LONGER_HEADS_BYTES) image ??= imageSize(type, readStart(file, Math.min(size, bytes)));
    if (!image) throw refused(name, 'it says no size');
    const { width, height } = image;
    if (Math.max(width, height) > MAX_IMAGE_SIDE) {
      throw refused(name, `an image may be ${MAX_IMAGE_SIDE} pixels wide and high, it is ${width}×${height}`);
    }
    return { name, kind, type, bytes: size, width, height };
  } finally {
    closeSync(file);
  }
}

/** Neither a link nor a folder, a pipe or a device, at which opening would hang. */
function openPlain(path: string, name: string): number {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    throw new RostrumError(
      'no-such-file',
      `there is no file ${JSON.stringify(name)}; it is to be uploaded first`,
    );
  }
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new RostrumError('no-such-file', `${JSON.stringify(name)} is not a file`);
}

function readStart(file: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, 0));
}

const refused = (name: string, reason: string): RostrumError =>
  new RostrumError('file-refused', `${JSON.stringify(name)}: ${reason}`);
