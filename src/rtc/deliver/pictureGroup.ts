import type { ReadPicture } from './pictureReader.ts';

const MAX_PICTURES = 90;
const MAX_BYTES = 384 * 1024;

/**
 * The pictures from the last key frame on, as long as they are young and few: who joins then sees a
 * picture at once, without a new key frame for everybody.
 */
export class PictureGroup {
  readonly #maxAgeUs: number;
  #pictures: ReadPicture[] = [];
  #bytes = 0;
  #startedUs = 0;

  constructor(maxAgeUs: number) {
    this.#maxAgeUs = maxAgeUs;
  }

  push(picture: ReadPicture, nowUs: number): void {
    if (picture.keyFrame) {
      this.#pictures = [picture];
      this.#bytes = picture.buffer.length;
      this.#startedUs = nowUs;
      return;
    }
    if (this.#pictures.length === 0) return;
    this.#bytes += picture.buffer.length;
    const tooMuch = this.#pictures.length >= MAX_PICTURES || this.#bytes > MAX_BYTES;
    if (tooMuch || nowUs - this.#startedUs > this.#maxAgeUs) this.clear();
    else this.#pictures.push(picture);
  }

  /** From the key frame to the newest picture; empty when it is too old or too large. */
  young(nowUs: number): readonly ReadPicture[] {
    return nowUs - this.#startedUs <= this.#maxAgeUs ? this.#pictures : [];
  }

  clear(): void {
    this.#pictures = [];
    this.#bytes = 0;
  }
}
