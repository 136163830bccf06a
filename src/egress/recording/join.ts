import { randomBytes } from 'node:crypto';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Chapter, ffmetadata } from '../bundle/chapters.ts';
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
  /** Marks that are written into the file. */
  chapters?: readonly Chapter[];
  /** Length of the recording as far as it is known, for the last of them. */
  durationMs?: number;
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
  const marks = await writeMarks(order, target);
  try {
    return await writeWith(order, target, marks);
  } finally {
    if (marks !== null) await rm(marks, { force: true });
  }
}

/** @returns the path of a file with the chapters, or null; a disk that has no room for it costs only them */
async function writeMarks({ chapters = [], durationMs = 0 }: JoinOrder, target: string) {
  if (chapters.length === 0) return null;
  const path = `${target}.chapters.tmp`;
  return writeFile(path, ffmetadata(chapters, durationMs)).then(
    () => path,
    () => null,
  );
}

async function writeWith(order: JoinOrder, target: string, marks: string | null): Promise<string | null> {
  const { ffmpeg, id, folder, format, parts } = order;
  const inputs = marks === null ? [] : [{ source: `file:${marks}`, options: ['-f', 'ffmetadata'] }];
  const mapped = marks === null ? [] : ['-map_metadata', '1', '-map_chapters', '1'];
  const options = ['-map', '0', ...mapped, ...formats[format].finished];
  const output = { target: `file:${target}`, options };
  const label = `joining/${id}`;
  if (parts.length === 1) {
    const source = `file:${join(folder, parts[0]!.name)}`;
    const one = { label, inputs: [{ source, options: [] }, ...inputs], outputs: [output] };
    return finished(new FfmpegRun(ffmpeg, one));
  }
  const interleaved = await interleave(order, target);
  if (typeof interleaved === 'string') return interleaved;
  const list = ['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file,pipe'];
  const all = { label, inputs: [{ source: 'pipe:0', options: list }, ...inputs], outputs: [output] };
  const run = new FfmpegRun(ffmpeg, all);
  run.write(Buffer.from(concatList(folder, interleaved)));
  const problem = await finished(run);
  for (const { name } of interleaved) await rm(join(folder, name), { force: true });
  return problem;
}

/**
 * In a fragment all pictures stand before all sounds, and a cut at a picture would take sound with it
 * that belongs before. So each part is first written anew with both in the order of their times.
 */
async function interleave(order: JoinOrder, target: string): Promise<RecordedPart[] | string> {
  const { ffmpeg, id, folder, parts } = order;
  const interleaved: RecordedPart[] = [];
  for (const { name, startUs } of parts) {
    const made = `${basename(target)}.${name}.tmp`;
    interleaved.push({ name: made, startUs });
    const source = `file:${join(folder, name)}`;
    const output = {
      target: `file:${join(folder, made)}`,
      options: ['-map', '0', '-c', 'copy', '-f', 'nut'],
    };
    const inputs = [{ source, options: [] }];
    const problem = await finished(
      new FfmpegRun(ffmpeg, { label: `joining/${id}`, inputs, outputs: [output] }),
    );
    if (problem === null) continue;
    for (const one of interleaved) await rm(join(folder, one.name), { force: true });
    return problem;
  }
  return interleaved;
}

/** @returns what went wrong, or null */
async function finished(run: FfmpegRun): Promise<string | null> {
  const { ok, reason, said } = await run.finish(TIMEOUT_MS);
  return ok ? null : `${reason}: ${said}`.slice(0, 1000);
}

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
