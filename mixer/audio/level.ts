import { BLOCK_US } from './format.ts';

export const SILENCE_DB = -127;

/** Louder than this counts as speech; room noise after a browser's noise suppression stays below. */
const SPEECH_DB = -48;

/** Who speaks has done so for this long: a cough or a door is nobody's floor. */
const ATTACK_US = 300_000;
/** For ducking, which should be there with the first word, a fifth of it. */
const TALKING_US = 60_000;

/** Speaking goes on over the pauses between words and sentences. */
const HOLD_US = 2_000_000;

/** dBov (RFC 6465): 0 is a full-scale square wave, −127 silence. */
export function levelDb(samples: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]! * samples[i]!;
  if (sum === 0) return SILENCE_DB;
  return Math.max(SILENCE_DB, 10 * Math.log10(sum / samples.length));
}

/** Level of what a source says, and whether it has the floor. */
export class LevelMeter {
  #peakDb = SILENCE_DB;
  /** Speech lately: grows with it, shrinks by half its speed without. */
  #speechUs = 0;
  #spokeUs = Number.NEGATIVE_INFINITY;

  /** @param db of one block */
  push(db: number, nowUs: number): void {
    if (db > this.#peakDb) this.#peakDb = db;
    const isSpeech = db > SPEECH_DB;
    this.#speechUs = isSpeech
      ? Math.min(ATTACK_US, this.#speechUs + BLOCK_US)
      : Math.max(0, this.#speechUs - BLOCK_US / 2);
    if (isSpeech && this.#speechUs >= ATTACK_US) this.#spokeUs = nowUs;
  }

  /** The highest level since the last call. */
  take(): number {
    const level = this.#peakDb;
    this.#peakDb = SILENCE_DB;
    return level;
  }

  /** Has the floor, or had it until a moment ago. */
  speaking(nowUs: number): boolean {
    return nowUs - this.#spokeUs < HOLD_US;
  }

  /** Something is said right now. */
  get talking(): boolean {
    return this.#speechUs >= TALKING_US;
  }
}
