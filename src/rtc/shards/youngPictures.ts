const MAX_AGE_MS = 1_000;
const MAX_PICTURES = 90;
const MAX_BYTES = 384 * 1024;

/**
 * The pictures of a source since its last key frame, while they are young and few: a thread that gets its
 * first viewer can show them at once, as the others can that had them before.
 */
export class YoungPictures {
  #pictures: Uint8Array[] = [];
  #bytes = 0;
  #startedMs = 0;

  push(picture: Uint8Array, keyFrame: boolean, nowMs: number): void {
    if (keyFrame) {
      this.clear();
      this.#startedMs = nowMs;
    } else if (this.#pictures.length === 0) return;
    this.#bytes += picture.length;
    const tooMuch = this.#pictures.length >= MAX_PICTURES || this.#bytes > MAX_BYTES;
    if (tooMuch || nowMs - this.#startedMs > MAX_AGE_MS) this.clear();
    else this.#pictures.push(picture);
  }

  /** From the key frame on; empty when that is too old. */
  at(nowMs: number): readonly Uint8Array[] {
    return nowMs - this.#startedMs <= MAX_AGE_MS ? this.#pictures : [];
  }

  clear(): void {
    this.#pictures = [];
    this.#bytes = 0;
  }
}
