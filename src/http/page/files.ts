/**
 * The built page, read into memory once. Requests are looked up among the files that are there, so no
 * path of a request ever reaches the file system.
 */

import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { constants, gzipSync } from 'node:zlib';

export interface PageFile {
  body: Buffer;
  /** The same compressed, where that is worth it. */
  gzip: Buffer | null;
  etag: string;
  /** Extension with its dot, for the media type. */
  extension: string;
  /** Its name changes with its content, so that it may be kept for ever. */
  immutable: boolean;
}

/** By URL path, beginning with a slash. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const compressible = new Set([
  '.html',
  '.js',
  '.css',
  '.svg',
  '.json',
  '.webmanifest',
  '.txt',
  '.map',
  '.wasm',
]);

/** Empty when the page has not been built. */
export function readPage(folder: string): PageFiles {
  const files = new Map<string, PageFile>();
  for (const path of walk(folder)) {
    const urlPath = `/${relative(folder, path).split(sep).join('/')}`;
    files.set(urlPath, readPageFile(path, urlPath));
  }
  return files;
}

function* walk(folder: string): Generator<string> {
  for (const name of list(folder).filter((one) => !one.startsWith('.'))) {
    const path = join(folder, name);
    const stats = lstatSync(path);
    // A link could point anywhere; the build makes none. What begins with a dot is not for the web.
    if (stats.isDirectory()) yield* walk(path);
    else if (stats.isFile()) yield path;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readPageFile(path: string, urlPath: string): PageFile {
  const body = readFileSync(path);
  const extension = extname(path);
  const worthIt = compressible.has(extension) && body.length > 1024;
  return {
    body,
    gzip: worthIt ? gzipSync(body, { level: constants.Z_BEST_COMPRESSION }) : null,
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    extension,
    immutable: urlPath.startsWith('/assets/'),
  };
}
