import { Biquad } from './biquad.ts';
import { BLOCK_SAMPLES } from './format.ts';

/** K-weighting at 48 kHz: the head's shelf, then the low cut (ITU-R BS.1770-5, tables 1 and 2). */
const SHELF = {
  b0: 1.53512485958697,
  b1: -2.69169618940638,
  b2: 1.19839281085285,
  a1: -1.69065929318241,
  a2: 0.73248077421585,
};
const LOW_CUT = { b0: 1, b1: -2, b2: 1, a1: -1.99004745483398, a2: 0.99007225036621 };

/** BS.1770-5, equation 2: so that a full-scale sine of 997 Hz in one channel is −3.01 LKFS. */
const OFFSET_DB = -0.691;

/** Loudness of a mean square that has been weighted and summed over the channels. */
export const lufs = (meanSquare: number): number => OFFSET_DB + 10 * Math.log10(Math.max(meanSquare, 1e-12));
export const meanSquareOf = (loudnessLufs: number): number => 10 ** ((loudnessLufs - OFFSET_DB) / 10);

/** Hears one channel as people do. */
export class KWeighting {
  readonly #shelf = new Biquad(SHELF);
  readonly #lowCut = new Biquad(LOW_CUT);
  readonly #weighted = new Float32Array(BLOCK_SAMPLES);

  /** The weighted mean square of one block of mono sound. */
  push(block: Float32Array): number {
    const weighted = this.#weighted;
    this.#shelf.process(block, weighted);
    this.#lowCut.process(weighted, weighted);
    let sum = 0;
    for (let i = 0; i < weighted.length; i++) sum += weighted[i]! * weighted[i]!;
    return sum / weighted.length;
  }
}
