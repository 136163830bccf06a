import { randomBytes } from 'node:crypto';
import { renameSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Shelves that are being removed are called so; no room can be. */
const REMOVED = '.removed-';

/** Shelves as they lie in the folder, those that are being removed left out. */
export async function shelvesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith('.') ? [entry.name] : []));
}

/**
 * Takes a shelf away at once, and its files a little later: a room of the same name may begin with an empty
 * one right after. One that is not there is no error.
 */
export async function removeShelf(folder: string, room: string): Promise<void> {
  const removed = join(folder, `${REMOVED}${randomBytes(8).toString('hex')}`);
  try {
    renameSync(join(folder, room), removed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await rm(removed, { recursive: true, force: true });
}

/** Ends what a server that has died had begun to remove. */
export async function finishRemoving(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const removed = names.filter((name) => name.startsWith(REMOVED));
  await Promise.all(removed.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
