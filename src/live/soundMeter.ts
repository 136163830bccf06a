import type { SourceLevel } from '../../mixer/protocol/control.ts';

/** Level of somebody who is not heard, dBov. */
export const SILENT_DB = -127;
const HEARD_DB = -70;
/** Ten times a second, with some room for a clock that is not ours. */
const PAUSE_MS = 80;

export interface Level {
  participant: string;
  levelDb: number;
  speaking: boolean;
}

/** How loud everybody is: the loudest of what each person sends. */
export class SoundMeter {
  #levels = new Map<string, Level>();
  #wasHeard = false;
  #toldMs = Number.NEGATIVE_INFINITY;

  /** Returns what to tell, or undefined: all was silent before and still is, or it is too soon. */
  measure(sources: SourceLevel[], nowMs: number): Level[] | undefined {
    this.#levels = new Map();
    for (const { participant, levelDb, speaking } of sources) {
      const before = this.#levels.get(participant);
      const louder = Math.max(before?.levelDb ?? SILENT_DB, levelDb);
      const speaks = speaking || before?.speaking === true;
      this.#levels.set(participant, { participant, levelDb: louder, speaking: speaks });
    }
    const levels = [...this.#levels.values()];
    const heard = levels.some((level) => level.speaking || level.levelDb > HEARD_DB);
    const ended = this.#wasHeard && !heard;
    if (!ended && (!heard || nowMs - this.#toldMs < PAUSE_MS)) return undefined;
    this.#wasHeard = heard;
    this.#toldMs = nowMs;
    return levels;
  }

  of(participant: string): Level {
    return this.#levels.get(participant) ?? { participant, levelDb: SILENT_DB, speaking: false };
  }

  forget(): void {
    this.#levels.clear();
  }
}
