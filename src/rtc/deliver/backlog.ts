import type { Run } from './forwarder.ts';
import type { ReadPicture } from './pictureReader.ts';
import type { StreamFormat } from './rewriter.ts';

/** Where a stretch of a source begins, or a picture of a replay. */
export interface Begin {
  run: Run;
  format: StreamFormat;
  /** Outgoing timestamp; undefined: as far after the picture before as it is in time. */
  timestamp: number | undefined;
}

/** A picture that is to be sent. */
export interface Due {
  picture: ReadPicture;
  begin: Begin | undefined;
  /** Index into `picture.bounds` of the next packet. */
  next: number;
}

/** A picture that waits longer than that is of no use to anybody. */
const MAX_WAIT_US = 2_000_000;
const MAX_PICTURES = 120;
const MAX_BYTES = 1024 * 1024;

/** Pictures of one track that wait for their turn on the wire. */
export class Backlog {
  #due: Due[] = [];
  #bytes = 0;

  get first(): Due | undefined {
    return this.#due[0];
  }

  /** False when it is full: whoever does not get through is not helped by more. */
  push(due: Due): boolean {
    const waitUs = due.picture.ptsUs - (this.first?.picture.ptsUs ?? due.picture.ptsUs);
    if (waitUs > MAX_WAIT_US || this.#due.length >= MAX_PICTURES || this.#bytes > MAX_BYTES) return false;
    this.#due.push(due);
    this.#bytes += due.picture.buffer.length;
    return true;
  }

  shift(): void {
    const due = this.#due.shift();
    if (due !== undefined) this.#bytes -= due.picture.buffer.length;
  }

  clear(): void {
    this.#due = [];
    this.#bytes = 0;
  }
}
