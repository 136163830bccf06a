import { BLOCK_US } from './format.ts';
import { KWeighting, lufs, meanSquareOf } from './loudness.ts';

/** Where every speaker is brought to, short-term (EBU R 128: 3 s), as heard from both loudspeakers. */
export const TARGET_LUFS = -20;

/** Both channels play what the speaker's one has. */
const CHANNELS_HEARD = 2;

/** Never more than this, up or down, in dB: a whisper's noise should not become a storm. */
const MAX_BOOST_DB = 24;
const MAX_CUT_DB = 20;

/** Short-term loudness: that of the last 3 s of speech, in pieces of 100 ms; less counts from two of them on. */
const PIECE_BLOCKS = 1e5 / BLOCK_US;
const PIECES = 30;
const MIN_PIECES = 2;

/** Below this nobody speaks, whatever comes; pauses are 10 dB below the mean (BS.1770-5: two gates). */
const GATE = meanSquareOf(-60);
const RELATIVE_GATE = 0.1;

/** dB per second: fast while a speaker is new, slow later; down is faster than up. */
const NEW_PIECES = 50;
const NEW_DB_PER_S = 12;
const UP_DB_PER_S = 1.5;
const DOWN_DB_PER_S = 4;

/** Differences below this are left alone. */
const TOLERANCE_DB = 0.5;

/**
 * Brings a speaker to the loudness of all others, slowly enough to leave speech its liveliness. Measures
 * before it amplifies, so that it cannot run away, and stands still while nobody speaks.
 */
export class AutomaticGain {
  readonly #weighting = new KWeighting();
  readonly #pieces = new Float64Array(PIECES);
  /** Pieces so far, and what the one that is being filled has. */
  #count = 0;
  #blocks = 0;
  #power = 0;
  #wantedDb = 0;
  gainDb = 0;

  /**
   * @param block one block of mono sound, not changed
   * @param isSpeech whether it counts
   * @returns the gain at the end of this block, in dB
   */
  push(block: Float32Array, isSpeech: boolean): number {
    // Pauses are not weighed at all: before one begins, the filters have long heard nothing but noise.
    if (!isSpeech) return this.gainDb;
    this.#power += (CHANNELS_HEARD * this.#weighting.push(block)) / PIECE_BLOCKS;
    if (++this.#blocks === PIECE_BLOCKS) this.#weigh();
    return this.#count < MIN_PIECES ? this.gainDb : this.#approach();
  }

  /** One more piece of speech is whole. */
  #weigh(): void {
    if (this.#power >= GATE) {
      this.#pieces[this.#count++ % PIECES] = this.#power;
      this.#wantedDb = this.#wanted();
    }
    this.#blocks = 0;
    this.#power = 0;
  }

  #wanted(): number {
    const difference = TARGET_LUFS - lufs(this.#gatedMean());
    return Math.min(MAX_BOOST_DB, Math.max(-MAX_CUT_DB, difference));
  }

  /** The mean of what is not 10 dB below the mean (BS.1770-5: relative gate). */
  #gatedMean(): number {
    const filled = Math.min(this.#count, PIECES);
    let sum = 0;
    for (let i = 0; i < filled; i++) sum += this.#pieces[i]!;
    const gate = (sum / filled) * RELATIVE_GATE;
    let gated = 0;
    let count = 0;
    for (let i = 0; i < filled; i++) {
      if (this.#pieces[i]! < gate) continue;
      gated += this.#pieces[i]!;
      count++;
    }
    return gated / count;
  }

  #approach(): number {
    const difference = this.#wantedDb - this.gainDb;
    if (Math.abs(difference) < TOLERANCE_DB) return this.gainDb;
    const perS = this.#count < NEW_PIECES ? NEW_DB_PER_S : difference > 0 ? UP_DB_PER_S : DOWN_DB_PER_S;
    const most = (perS * BLOCK_US) / 1e6;
    this.gainDb += Math.min(most, Math.max(-most, difference));
    return this.gainDb;
  }
}
