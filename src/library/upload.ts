import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RostrumError } from '../errors.ts';
import { fileTypeOf } from './fileType.ts';
import { inspect, type LibraryFile, MAX_IMAGE_BYTES } from './inspect.ts';
import type { UploadPlace } from './places.ts';

/** Files that are being taken in begin like this; nobody can ask for them. */
export const UNFINISHED = '.upload-';

export interface UploadSpace {
  /** Of media; images have a limit of their own. */
  maxBytes: number;
  /** Whether what has come is not too much, with all that comes beside it. */
  fits(): boolean;
}

/**
 * Writes what comes to the disk, looks into it, and only then gives it its name. What is not taken leaves
 * nothing behind.
 * @param name already checked
 * @param source what was taken of it in part is left to its owner, who may still have an answer to give
 * @param place hears what comes, and may be lost
 * @throws RostrumError too-large | too-slow | file-refused | file-exists | disk-full
 */
export async function takeIn(
  folder: string,
  name: string,
  source: Readable,
  { maxBytes, fits }: UploadSpace,
  place: UploadPlace,
): Promise<LibraryFile> {
  await mkdir(folder, { recursive: true });
  const limit = fileTypeOf(name)?.kind === 'image' ? Math.min(maxBytes, MAX_IMAGE_BYTES) : maxBytes;
  const path = join(folder, `${UNFINISHED}${randomBytes(8).toString('hex')}`);
  try {
    const written = createWriteStream(path, { flags: 'wx', mode: 0o644 });
    await pipeline(counted(source, limit, fits, place), written, { signal: place.signal });
    const file = inspect(path, name);
    // Unlike a rename a link does not replace what is there.
    await link(path, join(folder, name));
    return file;
  } catch (error) {
    throw place.signal.aborted ? place.signal.reason : asRostrumError(error, name);
  } finally {
    await rm(path, { force: true });
  }
}

/** Piped rather than part of the pipeline, which would wait for a source that has gone silent. */
function counted(source: Readable, limit: number, fits: () => boolean, place: UploadPlace): Transform {
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      place.came(chunk.length);
      if (bytes > limit) done(new RostrumError('too-large', `the file may have ${limit} bytes at most`));
      else if (fits()) done(null, chunk);
      else
        done(
          new RostrumError('disk-full', 'other uploads have taken the space meanwhile; remove some files'),
        );
    },
  });
  const broke = (error?: Error) => {
    if (!source.readableEnded) counter.destroy(error ?? new Error('the client left'));
  };
  source.once('error', broke).once('close', () => broke());
  if (source.destroyed) broke();
  return source.pipe(counter);
}

function asRostrumError(error: unknown, name: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST')
    return new RostrumError(
      'file-exists',
      `there is a file ${JSON.stringify(name)} already; remove it, or choose another name`,
    );
  if (code === 'ENOSPC') return new RostrumError('disk-full', 'the disk is full; remove something from it');
  return error;
}
