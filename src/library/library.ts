import { readdirSync } from 'node:fs';
import { mkdir, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { RostrumError } from '../errors.ts';
import { checkFileName } from './fileName.ts';
import { inspect, type LibraryFile } from './inspect.ts';
import { Looks } from './looks.ts';
import { finishRemoving, removeShelf, shelvesIn } from './lostShelves.ts';
import { defaultUploadLimits, type UploadLimits, type UploadPlace, UploadPlaces } from './places.ts';
import { takeIn, UNFINISHED } from './upload.ts';

export type { LibraryFile };

export interface LibrarySettings {
  /** Absolute. */
  folder: string;
  /** Of one file. */
  maxBytes: number;
  /** Of all files of a shelf together. */
  maxShelfBytes: number;
  /** With less free disk than this nothing is taken in. */
  lowWaterBytes: number;
  /** What is left out has the default of `defaultUploadLimits`. */
  uploads?: Partial<UploadLimits>;
  /** Files of rooms that an earlier server had wait this long for the room to be made anew; default an hour. */
  lostMs?: number;
}

/** A room's files that were removed, since the room is no more. */
export interface SweptShelf {
  room: string;
  files: number;
  /** Why they are still there. */
  error?: string;
}

/** Under the library's folder; no file can be called so. */
const ROOMS = '.rooms';

const LOST_MS = 3_600_000;

/** Files that one shelf lists at most. */
const MOST_FILES = 500;

/**
 * Images and media that rooms can show: one shelf for all rooms, and one for each room.
 *  - Names are names, never paths; links, pipes and hidden files are not there.
 *  - What lies in the folder is what there is: operators may put files there by hand.
 *  - What a file is decided by its bytes; nothing is decoded here.
 */
export class Library {
  readonly #settings: LibrarySettings;
  readonly #places: UploadPlaces;
  readonly #looks = new Looks();

  constructor(settings: LibrarySettings) {
    this.#settings = settings;
    this.#places = new UploadPlaces({ ...defaultUploadLimits, ...settings.uploads });
  }

  /** `LibrarySettings.lostMs`. */
  get lostMs(): number {
    return this.#settings.lostMs ?? LOST_MS;
  }

  /** Removes what an earlier server did not finish to take in, or to remove. */
  async open(): Promise<void> {
    const rooms = await shelvesIn(this.#rooms);
    for (const folder of [this.#shelf(null), ...rooms.map((room) => this.#shelf(room))]) {
      const names = await readdir(folder).catch(() => []);
      const unfinished = names.filter((name) => name.startsWith(UNFINISHED));
      await Promise.all(unfinished.map((name) => rm(join(folder, name), { force: true })));
    }
    await finishRemoving(this.#rooms);
  }

  /**
   * Removes the shelves of rooms that are no more, which an earlier server left behind. Files for all
   * rooms are never touched.
   * @param exists asked right before a shelf goes
   * @returns what went, and what could not
   */
  async sweep(exists: (room: string) => boolean): Promise<SweptShelf[]> {
    const swept: SweptShelf[] = [];
    for (const room of await shelvesIn(this.#rooms)) {
      if (exists(room)) continue;
      const files = this.#files(room).length;
      const error = await removeShelf(this.#rooms, room).catch((error: Error) => error.message);
      this.#looks.forget(this.#shelf(room));
      swept.push(error === undefined ? { room, files } : { room, files, error });
    }
    return swept;
  }

  /**
   * What a room can use: its own files, then those for all.
   * @param room null lists those for all
   */
  list(room: string | null): LibraryFile[] {
    const own = room === null ? [] : this.#files(room);
    const names = new Set(own.map(({ name }) => name));
    return [...own, ...this.#files(null).filter(({ name }) => !names.has(name))];
  }

  /** @throws RostrumError invalid-request | no-such-file | file-refused */
  find(room: string | null, name: string): LibraryFile & { path: string } {
    checkFileName(name);
    for (const shelf of room === null ? [null] : [room, null]) {
      const path = join(this.#shelf(shelf), name);
      try {
        return { ...inspect(path, name), path };
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    throw noSuchFile(name);
  }

  /**
   * @throws RostrumError invalid-request | too-large | too-slow | file-refused | file-exists |
   * too-many-uploads | disk-full
   */
  async take(room: string | null, name: string, source: Readable): Promise<LibraryFile> {
    checkFileName(name);
    const place = this.#places.enter(room);
    try {
      const file = await this.#take(room, name, source, place);
      place.leave(true);
      return file;
    } finally {
      place.leave();
    }
  }

  /** What is shown or played goes on to be. @throws RostrumError invalid-request | no-such-file */
  async remove(room: string | null, name: string): Promise<void> {
    checkFileName(name);
    await rm(join(this.#shelf(room), name)).catch(() => {
      const whose =
        room === null ? 'for all rooms' : 'of this room; those for all rooms are not its to remove';
      throw new RostrumError('no-such-file', `there is no file ${JSON.stringify(name)} ${whose}`);
    });
  }

  /** The room is gone, and its shelf with it. */
  async forget(room: string): Promise<void> {
    this.#places.forget(room);
    this.#looks.forget(this.#shelf(room));
    await removeShelf(this.#rooms, room);
  }

  async #take(room: string | null, name: string, source: Readable, place: UploadPlace): Promise<LibraryFile> {
    const folder = this.#shelf(room);
    const { maxBytes, maxShelfBytes, lowWaterBytes } = this.#settings;
    await mkdir(folder, { recursive: true });
    const files = this.#files(room);
    if (files.some((file) => file.name === name)) {
      throw new RostrumError(
        'file-exists',
        `there is a file ${JSON.stringify(name)} already; remove it, or choose another name`,
      );
    }
    const used = files.reduce((sum, file) => sum + file.bytes, 0);
    if (used >= maxShelfBytes || files.length >= MOST_FILES) {
      throw new RostrumError('disk-full', 'there are too many files; remove some');
    }
    const free = await statfs(folder).then(({ bavail, bsize }) => bavail * bsize - lowWaterBytes);
    if (free <= 0)
      throw new RostrumError(
        'disk-full',
        'the disk has less free space than ROSTRUM_DISK_RESERVE; remove something from it',
      );
    const before = this.#places.tally(room);
    // What comes beside it takes space, too.
    const fits = () => {
      const now = this.#places.tally(room);
      const shelfBytes = used + before.unfinished + now.shelf - before.shelf;
      return shelfBytes <= maxShelfBytes && now.all - before.all <= free;
    };
    return takeIn(
      folder,
      name,
      source,
      { maxBytes: Math.min(maxBytes, maxShelfBytes - used, free), fits },
      place,
    );
  }

  /** @param room an id, which is a name by its own rules */
  #shelf(room: string | null): string {
    return room === null ? this.#settings.folder : join(this.#rooms, room);
  }

  get #rooms(): string {
    return join(this.#settings.folder, ROOMS);
  }

  #files(room: string | null): LibraryFile[] {
    const folder = this.#shelf(room);
    let names: string[];
    try {
      names = readdirSync(folder).sort();
    } catch {
      this.#looks.forget(folder);
      return [];
    }
    return this.#looks.files(folder, names.slice(0, MOST_FILES));
  }
}

const isMissing = (error: unknown): boolean => error instanceof RostrumError && error.code === 'no-such-file';

const noSuchFile = (name: string): RostrumError =>
  new RostrumError('no-such-file', `there is no file ${JSON.stringify(name)}; it is to be uploaded first`);
