import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Chapter } from '../bundle/chapters.ts';
import { chaptersOf } from '../bundle/document.ts';
import { finishBundle } from '../bundle/finish.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Log } from '../log.ts';
import { formats } from './format.ts';
import { joinParts } from './join.ts';
import { Journal, readJournal } from './journal.ts';
import { lengthOf, measureFile } from './measure.ts';
import type { Past, Unfinished } from './past.ts';
import type { RecordedFile, RecordingView } from './view.ts';

/** The recorder of a server that was killed writes its last and ends within this. */
const QUIET_MS = 1_500;

/** Finishes what a server that was killed had begun, one after the other. Never rejects. */
export async function adoptAll(
  unfinished: readonly Unfinished[],
  ffmpeg: () => Promise<Ffmpeg>,
  log: Log,
  each: (past: Past) => void,
): Promise<void> {
  for (const one of unfinished) {
    const { id } = one.started;
    try {
      each(await adopt(one, await ffmpeg(), log));
      log.info({ recording: id }, 'a recording of the server before was finished');
    } catch (error) {
      log.error(
        { recording: id, error: String(error) },
        'a recording of the server before cannot be finished',
      );
    }
  }
}

async function adopt(unfinished: Unfinished, ffmpeg: Ffmpeg, log: Log): Promise<Past> {
  const { started, folder } = unfinished;
  const { id, format } = started;
  // The first part begins at 0, whether or not there was time to note it.
  const parts = unfinished.parts.length > 0 ? unfinished.parts : [{ name: `part-1.${format}`, startUs: 0 }];
  for (const { name } of parts) await untilQuiet(join(folder, name));
  await removeLeftovers(folder);
  const made = `${id}.${format}`;
  const last = parts.at(-1)!;
  const endOf = async () => last.startUs / 1000 + (await lengthOf(ffmpeg, join(folder, last.name)));
  // The server may have been killed after it had joined the parts and before it said so.
  const isJoined = await exists(join(folder, made));
  const journal = readJournal(folder);
  const chapters = chaptersOf(journal);
  const joined = isJoined
    ? { names: [made], problem: null }
    : await joinParts({ ffmpeg, id, folder, format, parts, chapters, durationMs: await endOf() });
  const files: RecordedFile[] = [];
  let durationMs = 0;
  for (const name of joined.names) {
    files.push(await measureFile(folder, name, formats[format].type));
    durationMs += await lengthOf(ffmpeg, join(folder, name));
  }
  const bundled = finishBundle({ ffmpeg, id, folder, program: joined.names, durationMs, log });
  files.push(
    ...(await bundled.catch((error) => {
      log.error({ recording: id, error: String(error) }, 'the tracks of a recording are incomplete');
      return [];
    })),
  );
  const view = viewOf(started, joined.problem, durationMs, files, chapters);
  const { state, reason } = view;
  const endedAt = new Date();
  const over = { event: 'over', durationMs, files, reason, endedAt: endedAt.toISOString() } as const;
  if (state === 'finished' || state === 'failed') await new Journal(folder, log).append({ ...over, state });
  return { view, folder, endedAtMs: endedAt.getTime() };
}

function viewOf(
  { id, room, format, startedAt, bundle }: Unfinished['started'],
  reason: string | null,
  durationMs: number,
  files: RecordedFile[],
  chapters: Chapter[],
): RecordingView {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const state = reason === null ? 'finished' : 'failed';
  const kept = { tracks: Boolean(bundle), chapters, files };
  return { id, room, format, state, reason, startedAt, durationMs, bytes, ...kept };
}

async function untilQuiet(path: string): Promise<void> {
  for (;;) {
    const changedMs = await stat(path).then(
      (stats) => stats.mtimeMs,
      () => 0,
    );
    const quietMs = Date.now() - changedMs;
    // A time stamp of the future is a clock that was set back: no reason to wait for it.
    if (quietMs >= QUIET_MS || quietMs < 0) return;
    await pause(QUIET_MS - quietMs);
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true });
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
