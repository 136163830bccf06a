import { gaussianTable, seededRandom } from './random.ts';

const SIGMA = 2.2;
const LENGTH = 1 << 21;

/** What a camera's sensor adds to each picture, in limited range; the same on every machine. */
export class CameraNoise {
  readonly #grains: Int8Array;
  readonly #random: () => number;

  constructor(seed: number) {
    this.#grains = gaussianTable(LENGTH, SIGMA, 77 + seed);
    this.#random = seededRandom(1000 + seed);
  }

  /** @param lumaLength bytes of the first plane */
  add(picture: Uint8Array, lumaLength: number): void {
    let from = Math.floor(this.#random() * LENGTH);
    for (let at = 0; at < picture.length; at++) {
      const grain = this.#grains[from++ & (LENGTH - 1)]!;
      // Cameras show less noise in colour than in brightness.
      const level = picture[at]! + (at < lumaLength ? grain : grain >> 1);
      picture[at] = Math.max(16, Math.min(235, level));
    }
  }
}
