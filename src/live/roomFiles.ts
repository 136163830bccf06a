import type { Readable } from 'node:stream';
import { RostrumError } from '../errors.ts';
import type { FileKind } from '../library/fileType.ts';
import type { Library, LibraryFile } from '../library/library.ts';
import type * as material from './material.ts';

/** The files of one room, or, without a room, those for all. */
export class RoomFiles implements material.Files {
  readonly #library: Library | null;
  readonly #room: string | null;

  /** @param library null where nothing is written to disk */
  constructor(library: Library | null, room: string | null) {
    this.#library = library;
    this.#room = room;
  }

  list(): LibraryFile[] {
    return this.#library?.list(this.#room) ?? [];
  }

  async take(name: string, source: Readable): Promise<LibraryFile> {
    if (!this.#library) throw new RostrumError('full', 'the server was started without a data folder');
    return this.#library.take(this.#room, name, source);
  }

  async remove(name: string): Promise<void> {
    if (!this.#library) throw noSuchFile(name);
    await this.#library.remove(this.#room, name);
  }

  /** @throws RostrumError invalid-request | no-such-file | file-refused */
  find(name: string): LibraryFile & { path: string } {
    if (!this.#library) throw noSuchFile(name);
    return this.#library.find(this.#room, name);
  }

  /** Undefined when it is gone, or was never there. */
  pathOf(name: string): string | undefined {
    try {
      return this.find(name).path;
    } catch {
      return undefined;
    }
  }

  /**
   * Makes sure that a request names a file that is there; no name asks for none.
   * @param path where in the request the name stands
   * @throws RostrumError invalid-request
   */
  require(path: string, name: string | null | undefined, kind: FileKind): void {
    if (name === null || name === undefined) return;
    const reason = this.#unusable(name, kind);
    if (reason) throw new RostrumError('invalid-request', `${path}: ${reason}`);
  }

  /** Called when the room is gone. */
  async forget(): Promise<void> {
    if (this.#room !== null) await this.#library?.forget(this.#room);
  }

  #unusable(name: string, kind: FileKind): string | undefined {
    try {
      const file = this.find(name);
      if (file.kind === kind) return undefined;
      return `${JSON.stringify(name)} is ${file.type}, expected ${kind === 'image' ? 'an image' : `a ${kind} file`}`;
    } catch (error) {
      if (error instanceof RostrumError) return error.detail;
      throw error;
    }
  }
}

const noSuchFile = (name: string): RostrumError =>
  new RostrumError('no-such-file', `there is no file ${JSON.stringify(name)}; it is to be uploaded first`);
