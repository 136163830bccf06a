import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { FfmpegRun } from '../ffmpeg/run.ts';
import type { Log } from '../log.ts';
import { finishMatroska } from '../matroska/finish.ts';
import { ROOM_JOURNAL, readJournal } from '../recording/journal.ts';
import { measureFile, sizeOf } from '../recording/measure.ts';
import type { RecordedFile } from '../recording/view.ts';
import { type BundleTrack, documentOf, inMs, tracksOf } from './document.ts';
import { suffixOf } from './trackFile.ts';

export interface FinishOrder {
  ffmpeg: Ffmpeg;
  id: string;
  folder: string;
  /** Files with the program, and how long that is. */
  program: readonly string[];
  durationMs: number;
  log: Log;
}

const POSTER = 'poster.jpg';
const DOCUMENT = 'bundle.json';
/** Where in the program its poster is taken: behind the first moments, in which people still arrive. */
const POSTER_SHARE = 0.1;
const POSTER_LATEST_S = 10;
const POSTER_TIMEOUT_MS = 30_000;

/**
 * Completes what a recording kept beside its program, from the journal alone, so that it does not matter
 * which server began it. Doing it twice gives the same. @returns its files; none when it was no bundle
 */
export async function finishBundle(order: FinishOrder): Promise<RecordedFile[]> {
  const { folder, program, durationMs } = order;
  const journal = [...readJournal(folder), ...readJournal(folder, ROOM_JOURNAL)];
  if (documentOf(journal, { program: [], poster: null, tracks: [], durationMs }) === null) return [];
  const tracks: BundleTrack[] = [];
  const files: RecordedFile[] = [];
  for (const { name, startUs, ...note } of tracksOf(journal)) {
    const lengthUs = await completed(join(folder, name), order.log);
    if (lengthUs === 0) continue;
    tracks.push({ ...note, file: name, startMs: inMs(startUs), durationMs: inMs(lengthUs) });
    files.push(await measureFile(folder, name, typeOf(note)));
  }
  const hasPoster = await makePoster(order);
  if (hasPoster) files.unshift(await measureFile(folder, POSTER, 'image/jpeg'));
  const poster = hasPoster ? POSTER : null;
  const document = documentOf(journal, { program: [...program], poster, tracks, durationMs });
  await writeFile(join(folder, `${DOCUMENT}.tmp`), `${JSON.stringify(document, null, 1)}\n`);
  await rename(join(folder, `${DOCUMENT}.tmp`), join(folder, DOCUMENT));
  return [await measureFile(folder, DOCUMENT, 'application/json'), ...files];
}

const typeOf = ({ media, codec }: BundleTrack | Pick<BundleTrack, 'media' | 'codec'>): string =>
  `${media}/${suffixOf(codec) === 'webm' ? 'webm' : 'x-matroska'}`;

/** Its length in microseconds. One with nothing in it is removed: 0. */
async function completed(path: string, log: Log): Promise<number> {
  const lengthUs = await finishMatroska(path).catch((error) => {
    log.warn({ path, error: String(error) }, 'a track could not be completed');
    return 0;
  });
  if (lengthUs === 0) await rm(path, { force: true });
  return lengthUs;
}

/** A picture out of the program, which our own encoder made. */
async function makePoster({ ffmpeg, id, folder, program, durationMs }: FinishOrder): Promise<boolean> {
  const [first] = program;
  if (first === undefined) return false;
  const atS = Math.min((durationMs / 1000) * POSTER_SHARE, POSTER_LATEST_S).toFixed(3);
  const run = new FfmpegRun(ffmpeg, {
    label: `poster/${id}`,
    inputs: [{ source: `file:${join(folder, first)}`, options: ['-ss', atS] }],
    outputs: [
      {
        target: `file:${join(folder, POSTER)}`,
        options: ['-frames:v', '1', '-an', '-q:v', '3', '-f', 'image2', '-update', '1', '-y'],
      },
    ],
  });
  const { ok } = await run.finish(POSTER_TIMEOUT_MS);
  return ok && (await sizeOf(join(folder, POSTER))) > 0;
}
