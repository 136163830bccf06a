/** One file as an answer, with Range (RFC 9110, 14): players seek, downloads are continued. */

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Context } from 'koa';
import { RostrumError } from '../errors.ts';
import { rangeOf } from './range.ts';

export interface SentFile {
  path: string;
  name: string;
  type: string;
  /** Hexadecimal; null when it is not known. */
  sha256: string | null;
}

/** Read in pieces of this size, each of which waits until the client has taken the one before. */
const PIECE_BYTES = 256 * 1024;

/** @throws RostrumError not-found | range-refused */
export async function sendFile(ctx: Context, file: SentFile): Promise<void> {
  const handle = await openPlainFile(file.path);
  try {
    const { size } = await handle.stat();
    const range = wantedRange(ctx, size, file.sha256);
    if (range === 'refused') {
      ctx.set('Content-Range', `bytes */${size}`);
      throw new RostrumError('range-refused', `the file has ${size} bytes; ask for a part of these`);
    }
    describe(ctx, file);
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
    const { start, end } = range ?? { start: 0, end: size - 1 };
    ctx.status = range ? 206 : 200;
    if (range) ctx.set('Content-Range', `bytes ${start}-${end}/${size}`);
    ctx.length = end - start + 1;
    if (ctx.method === 'HEAD' || size === 0) return;
    ctx.body = handle.createReadStream({ start, end, highWaterMark: PIECE_BYTES });
  } finally {
    // The stream closes the file at its end.
    if (!ctx.body) await handle.close();
  }
}

function describe(ctx: Context, { name, type, sha256 }: SentFile): void {
  ctx.status = 200;
  ctx.type = type;
  ctx.set('Accept-Ranges', 'bytes');
  ctx.set('Cache-Control', 'private, max-age=3600');
  const kind = ctx.query.download === undefined ? 'inline' : 'attachment';
  ctx.set('Content-Disposition', `${kind}; filename="${name}"`);
  if (sha256 === null) return;
  ctx.set('ETag', `"${sha256}"`);
  // RFC 9530: of the whole file, whatever part of it is sent.
  ctx.set('Repr-Digest', `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`);
}

/** A range counts only for the file it was meant for (RFC 9110, 13.1.5). */
function wantedRange(ctx: Context, size: number, sha256: string | null): ReturnType<typeof rangeOf> {
  const condition = ctx.get('If-Range');
  if (condition !== '' && condition !== `"${sha256}"`) return null;
  return rangeOf(ctx.get('Range'), size);
}

/** A link that somebody put there is not followed. @throws RostrumError not-found */
async function openPlainFile(path: string): Promise<FileHandle> {
  const gone = () =>
    new RostrumError('not-found', 'the file is not there any more; somebody has removed it from the disk');
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => {
    throw gone();
  });
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw gone();
}
