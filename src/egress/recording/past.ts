import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chaptersOf } from '../bundle/document.ts';
import type { RecordedPart } from './join.ts';
import { type JournalEntry, readJournal } from './journal.ts';
import type { RecordingView } from './view.ts';

/** A recording that is over. */
export interface Past {
  view: RecordingView;
  folder: string;
  endedAtMs: number;
}

type Started = Extract<JournalEntry, { event: 'started' }>;

/** A recording whose server ended before it did. */
export interface Unfinished {
  started: Started;
  folder: string;
  parts: RecordedPart[];
}

/** What lies in the folder of recordings. */
export function readPast(folder: string): { past: Past[]; unfinished: Unfinished[] } {
  const past: Past[] = [];
  const unfinished: Unfinished[] = [];
  for (const name of foldersIn(folder)) {
    const own = join(folder, name);
    const journal = readJournal(own);
    const started = journal.find((entry) => entry.event === 'started');
    // A folder that was renamed or copied by hand is not taken for the recording it was.
    if (!started || started.id !== name) continue;
    const over = journal.findLast((entry) => entry.event === 'over');
    if (!over) {
      const parts = journal.filter((entry) => entry.event === 'part');
      unfinished.push({ started, folder: own, parts });
      continue;
    }
    const { state, reason, durationMs, files, endedAt } = over;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const { id, room, format, startedAt } = started;
    const kept = { tracks: Boolean(started.bundle), chapters: chaptersOf(journal), files };
    const view = { id, room, format, state, reason, startedAt, durationMs, bytes, ...kept };
    past.push({ view, folder: own, endedAtMs: Date.parse(endedAt) });
  }
  return { past, unfinished };
}

/** Real folders only: a link could lead anywhere. */
function foldersIn(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
