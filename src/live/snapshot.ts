import { RostrumError } from '../errors.ts';

/** Who asks again within this gets the same picture. */
const FRESH_MS = 1_000;
/** A mixer that begins has the speakers' pictures by then, or will not have them soon. */
const PATIENCE_MS = 2_000;

export interface SnapshotParts {
  make(): Promise<Buffer>;
  /** Whether those who are seen have a picture. */
  isDrawn(): boolean;
  /** How long tiles fade in, ms. */
  fadeMs(): number;
  nowMs(): number;
}

/**
 * The program's picture, made at most once a second however many ask. Where a mixer has only just begun, it
 * is made as soon as the speakers are in it.
 */
export class Snapshot {
  readonly #parts: SnapshotParts;
  #made: Promise<Buffer> | undefined;
  #atMs = Number.NEGATIVE_INFINITY;
  #drawn: (() => void) | undefined;
  #fading: NodeJS.Timeout | undefined;
  /** True while one is being made: the mixer is needed then. */
  wanted = false;

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  /** @throws RostrumError cannot-mix */
  take(): Promise<Buffer> {
    const { make, nowMs } = this.#parts;
    if (this.#made && (this.wanted || nowMs() - this.#atMs < FRESH_MS)) return this.#made;
    this.wanted = true;
    this.#made = this.#untilDrawn()
      .then(make)
      .catch(() => {
        this.#made = undefined;
        throw new RostrumError('cannot-mix', 'the mixer gave no picture; try again', 5);
      })
      .finally(() => {
        this.wanted = false;
        this.#atMs = nowMs();
      });
    return this.#made;
  }

  /** Pictures stand elsewhere than before. */
  placed(): void {
    if (!this.#drawn || this.#fading || !this.#parts.isDrawn()) return;
    this.#fading = setTimeout(() => this.#drawn?.(), this.#parts.fadeMs());
  }

  /** Nobody waits any more. */
  close(): void {
    this.#drawn?.();
  }

  #untilDrawn(): Promise<void> {
    if (this.#parts.isDrawn()) return Promise.resolve();
    return new Promise((resolve) => {
      const impatience = setTimeout(() => this.#drawn?.(), PATIENCE_MS);
      this.#drawn = () => {
        clearTimeout(impatience);
        clearTimeout(this.#fading);
        this.#fading = undefined;
        this.#drawn = undefined;
        resolve();
      };
    });
  }
}
