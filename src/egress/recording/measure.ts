import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../ffmpeg/environment.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { RecordedFile } from './view.ts';

/** Read in pieces that keep no packet waiting while they are hashed. */
const PIECE_BYTES = 128 * 1024;

/** Size and checksum of a file. */
export async function measureFile(folder: string, name: string, type: string): Promise<RecordedFile> {
  const path = join(folder, name);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { name, bytes, type, sha256: hash.digest('hex') };
}

/** 0 when there is none. */
export const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    (stats) => stats.size,
    () => 0,
  );

/** Length of a file in ms as ffmpeg reads it, 0 when it cannot. */
export async function lengthOf(ffmpeg: Ffmpeg, path: string): Promise<number> {
  const options = { timeout: 10_000, env: childEnvironment(process.env) };
  // Without an output ffmpeg describes its input and ends with an error.
  const { stderr } = await promisify(execFile)(
    ffmpeg.path,
    ['-hide_banner', '-nostdin', '-i', `file:${path}`],
    options,
  ).catch((error: { stderr?: string }) => ({ stderr: error.stderr ?? '' }));
  const [, hours, minutes, seconds] = /Duration: (\d+):(\d+):([\d.]+)/.exec(stderr) ?? [];
  if (hours === undefined) return 0;
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
}
