/** Level of what a source says, and whether it is speech-loud. */

const SILENCE_DB = -127;

/** Louder than this counts as speaking; room noise after a browser's noise suppression stays below. */
const SPEAKING_DB = -45;

/** Speaking goes on over the pauses between words. */
const HOLD_US = 600_000;

/** dBov (RFC 6464): 0 is a full-scale square wave, −127 silence. */
export function levelDb(samples: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]! * samples[i]!;
  if (sum === 0) return SILENCE_DB;
  return Math.max(SILENCE_DB, 10 * Math.log10(sum / samples.length));
}

export class LevelMeter {
  #peakDb = SILENCE_DB;
  #loudUs = Number.NEGATIVE_INFINITY;

  push(block: Float32Array, nowUs: number): void {
    const level = levelDb(block);
    if (level > this.#peakDb) this.#peakDb = level;
    if (level > SPEAKING_DB) this.#loudUs = nowUs;
  }

  /** The highest level since the last call. */
  take(): number {
    const level = this.#peakDb;
    this.#peakDb = SILENCE_DB;
    return level;
  }

  speaking(nowUs: number): boolean {
    return nowUs - this.#loudUs < HOLD_US;
  }
}
