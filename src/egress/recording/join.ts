import { randomBytes } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { FfmpegRun } from '../ffmpeg/run.ts';
import { formats, type RecordingFormat } from './format.ts';
import { cutToWholeFragments } from './mp4Boxes.ts';

export interface RecordedPart {
  name: string;
  /** Time in the recording at which it begins. */
  startUs: number;
}

export interface JoinOrder {
  ffmpeg: Ffmpeg;
  /** Names the recording; its file is `<id>.<format>`. */
  id: string;
  folder: string;
  format: RecordingFormat;
  parts: readonly RecordedPart[];
}

export interface Joined {
  /** In order: one, unless there was no room or no way to join them. */
  names: string[];
  /** Why the parts were left as they are. */
  problem: string | null;
}

/** Copying at disk speed; longer than this and something hangs. */
const TIMEOUT_MS = 15 * 60_000;

/**
 * Makes one file of a recording's parts: each is cut where the next begins, and where something is
 * missing between them the time is held. Where that fails the parts stay, and can be played.
 */
export async function joinParts(order: JoinOrder): Promise<Joined> {
  const { folder, format, id } = order;
  const parts = await playable(order);
  if (parts.length === 0) return { names: [], problem: 'nothing was recorded' };
  const name = `${id}.${format}`;
  // A name of its own: the ffmpeg of a server that was killed may still be writing to another.
  const temporary = join(folder, `${name}.${randomBytes(4).toString('hex')}.tmp`);
  const problem = await write({ ...order, parts }, temporary);
  if (problem === null) {
    await rename(temporary, join(folder, name));
    for (const part of order.parts) await rm(join(folder, part.name), { force: true });
    return { names: [name], problem };
  }
  await rm(temporary, { force: true }).catch(() => {});
  return { names: parts.map((part) => part.name), problem };
}

/** Those with something in them, repaired. */
async function playable({ folder, format, parts }: JoinOrder): Promise<RecordedPart[]> {
  const good: RecordedPart[] = [];
  for (const part of parts) {
    const path = join(folder, part.name);
    const size = await stat(path).then(
      (stats) => stats.size,
      () => 0,
    );
    if (size < 1000) continue;
    if (format === 'mp4' && !(await cutToWholeFragments(path).catch(() => false))) continue;
    good.push(part);
  }
  // A part whose successor begins where it does has nothing of its own.
  return good.filter(({ startUs }, index) => good[index + 1]?.startUs !== startUs);
}

/** @returns what went wrong, or null */
async function write(order: JoinOrder, target: string): Promise<string | null> {
  const { ffmpeg, id, folder, format, parts } = order;
  const one = parts.length === 1;
  const run = new FfmpegRun(ffmpeg, {
    label: `joining/${id}`,
    inputs: one
      ? [{ source: `file:${join(folder, parts[0]!.name)}`, options: ['-f', demuxers[format]] }]
      : [
          {
            source: 'pipe:0',
            options: ['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file,pipe'],
          },
        ],
    outputs: [{ target: `file:${target}`, options: ['-map', '0', ...formats[format].finished] }],
  });
  if (!one) run.write(Buffer.from(concatList(folder, parts)));
  const { ok, reason, said } = await run.finish(TIMEOUT_MS);
  return ok ? null : `${reason}: ${said}`.slice(0, 1000);
}

const demuxers = { mp4: 'mov', webm: 'matroska' } as const;

/** For ffmpeg's concat demuxer, on its standard input, since a full disk has no room for a list. */
export function concatList(folder: string, parts: readonly RecordedPart[]): string {
  const lines = parts.flatMap(({ name, startUs }, index) => {
    const next = parts[index + 1];
    const file = `file 'file:${join(folder, name).replaceAll("'", "'\\''")}'`;
    if (!next) return [file];
    const length = ((next.startUs - startUs) / 1e6).toFixed(6);
    return [file, `outpoint ${length}`, `duration ${length}`];
  });
  return `ffconcat version 1.0\n${lines.join('\n')}\n`;
}
