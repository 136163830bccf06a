import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { checkFileName } from './fileName.ts';
import { inspect, type LibraryFile } from './inspect.ts';

interface Look {
  /** Another one when the file is another, or was written to. */
  stamp: string;
  /** Null for what is none of ours. */
  file: LibraryFile | null;
}

/**
 * What files were when they were last looked into. Lists of hundreds are asked for many times a second, and the size
 * of a photograph may stand behind a megabyte of metadata: only what has changed is read again.
 */
export class Looks {
  readonly #folders = new Map<string, ReadonlyMap<string, Look>>();

  /** Those of these names in a folder that are files of ours. */
  files(folder: string, names: readonly string[]): LibraryFile[] {
    const before = this.#folders.get(folder);
    const looks = new Map(names.map((name) => [name, look(join(folder, name), name, before?.get(name))]));
    this.#folders.set(folder, looks);
    return [...looks.values()].flatMap(({ file }) => file ?? []);
  }

  /** The folder is no more. */
  forget(folder: string): void {
    this.#folders.delete(folder);
  }
}

function look(path: string, name: string, before: Look | undefined): Look {
  let stamp = '';
  try {
    const { ino, size, ctimeMs } = lstatSync(path);
    stamp = `${ino} ${size} ${ctimeMs}`;
    return before?.stamp === stamp ? before : { stamp, file: inspect(path, checkFileName(name)) };
  } catch {
    return { stamp, file: null };
  }
}
