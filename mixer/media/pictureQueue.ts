import type { Size } from '../video/fit.ts';
import { frameOver } from '../video/frameOver.ts';
import type { PictureSource } from '../video/sourcePictures.ts';
import type { TimedPicture } from '../video/videoTrack.ts';
import type { SlottedPicture } from './pictureLine.ts';
import { allocSlots, slotAt } from './slots.ts';

export interface PictureQueueParts {
  /** Where the playback is with its pictures. */
  positionUs(nowUs: number, aheadUs: number): number;
  /** These slots may be used again. */
  freed(slots: number[]): void;
}

/** Decoded pictures of a file that wait for their moment, as the room's picture wants them. */
export class PictureQueue implements PictureSource {
  readonly memory: SharedArrayBuffer;
  readonly brokenSinceUs = undefined;
  readonly #parts: PictureQueueParts;
  #queue: SlottedPicture[] = [];
  #freed: number[] = [];
  /** After a jump the first picture is shown even if all stands. */
  #isFirst = true;
  decodedFrames = 0;

  constructor(canvas: Size, parts: PictureQueueParts) {
    this.memory = allocSlots(canvas);
    this.#parts = parts;
  }

  /** @param wanted false for one from before a jump */
  push(picture: SlottedPicture, wanted: boolean): void {
    if (!wanted) {
      this.#freed.push(picture.slot);
      return;
    }
    this.decodedFrames++;
    this.#queue.push(picture);
  }

  /** What comes from now on is from somewhere else in the file. */
  restart(): void {
    for (const { slot } of this.#queue) this.#freed.push(slot);
    this.#queue = [];
    this.#isFirst = true;
    this.#release();
  }

  due(nowUs: number, aheadUs = 0): TimedPicture | null {
    const positionUs = this.#parts.positionUs(nowUs, aheadUs);
    let chosen: SlottedPicture | undefined;
    while (this.#queue.length > 0 && (this.#isFirst || this.#queue[0]!.ptsUs <= positionUs)) {
      if (chosen !== undefined) this.#freed.push(chosen.slot);
      chosen = this.#queue.shift()!;
      this.#isFirst = false;
    }
    if (chosen === undefined) return null;
    const frame = frameOver(slotAt(this.memory, chosen.slot, chosen));
    this.#freed.push(chosen.slot);
    // It came over no network: no way of its is measured.
    return { frame, captureUs: nowUs, arrivalUs: Number.NaN };
  }

  /** The decoding is another thread's; this one gives back what it does not need any more. */
  decode(): void {
    this.#release();
  }

  close(): void {
    this.#queue = [];
    this.#freed = [];
  }

  #release(): void {
    if (this.#freed.length === 0) return;
    const slots = this.#freed;
    this.#freed = [];
    this.#parts.freed(slots);
  }
}
