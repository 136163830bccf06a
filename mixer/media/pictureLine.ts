import type { Frame } from 'node-av/lib';
import type { Size } from '../video/fit.ts';
import type { PictureShaper } from './pictureShaper.ts';
import { SLOTS, slotAt } from './slots.ts';

/** A picture in its slot, until whoever shows it gives the slot back. */
export interface SlottedPicture extends Size {
  slot: number;
  /** On the playback's timeline. */
  ptsUs: number;
}

interface Waiting {
  frame: Frame;
  ptsUs: number;
  endUs: number;
}

/**
 * Decoded pictures on their way into slots. It begins with the picture that stands at the moment it was
 * told: what a decoder needed before that is left out.
 */
export class PictureLine {
  readonly #memory: SharedArrayBuffer;
  readonly #shaper: PictureShaper;
  readonly #each: (picture: SlottedPicture) => void;
  readonly #free = new Set<number>(Array.from({ length: SLOTS }, (_, slot) => slot));
  /** Decoded at once with others, while all slots are taken. */
  #waiting: Waiting[] = [];
  #fromUs = 0;
  /** The newest picture before that. */
  #before: Waiting | undefined;
  /** End of the last picture. */
  endUs = 0;

  constructor(memory: SharedArrayBuffer, shaper: PictureShaper, each: (picture: SlottedPicture) => void) {
    this.#memory = memory;
    this.#shaper = shaper;
    this.#each = each;
  }

  begin(us: number): void {
    this.#clear();
    this.#fromUs = us;
    this.endUs = us;
  }

  /** More can be taken. */
  get wanting(): boolean {
    return this.#waiting.length === 0 && this.#free.size > 0;
  }

  /** Everything has gone into slots. */
  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  push(frame: Frame, ptsUs: number, durationUs: number): void {
    const kept = frame.clone();
    if (kept === null) return;
    const picture = { frame: kept, ptsUs, endUs: ptsUs + durationUs };
    this.endUs = Math.max(this.endUs, picture.endUs);
    if (picture.endUs <= this.#fromUs) {
      this.#before?.frame.free();
      this.#before = picture;
      return;
    }
    if (ptsUs <= this.#fromUs) this.#dropBefore();
    this.#conclude();
    this.#waiting.push({ ...picture, ptsUs: Math.max(ptsUs, this.#fromUs) });
    this.#fill();
  }

  /** No picture stands at the moment it began with, or later ones are all there are: the last one before it. */
  finish(): void {
    this.#conclude();
    this.#fill();
  }

  release(slot: number): void {
    this.#free.add(slot);
    this.#fill();
  }

  close(): void {
    this.#clear();
  }

  #conclude(): void {
    if (this.#before === undefined) return;
    this.#waiting.push({ ...this.#before, ptsUs: this.#fromUs });
    this.#before = undefined;
  }

  #dropBefore(): void {
    this.#before?.frame.free();
    this.#before = undefined;
  }

  #fill(): void {
    while (this.#waiting.length > 0 && this.#free.size > 0) {
      const { frame, ptsUs } = this.#waiting.shift()!;
      const [slot] = this.#free as Iterable<number> as [number];
      const size = this.#shaper.sizeOf(frame);
      if (this.#shaper.shape(frame, slotAt(this.#memory, slot, size))) {
        this.#free.delete(slot);
        this.#each({ slot, ptsUs, ...size });
      }
      frame.free();
    }
  }

  #clear(): void {
    this.#dropBefore();
    for (const { frame } of this.#waiting) frame.free();
    this.#waiting = [];
  }
}
