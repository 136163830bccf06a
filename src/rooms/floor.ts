/** Somebody speaks beside who has the floor for this long, and louder: then it is theirs. */
const TAKEOVER_MS = 3_000;
/** How much louder, in dB. */
const LOUDER_DB = 6;
/** Weight of a new level in the running mean, at ten levels a second. */
const SMOOTHING = 0.1;
const SILENT_DB = -127;

/** How loud somebody is; `speaking` has its attack and hold already. */
export interface Voice {
  participant: string;
  /** dBov. */
  levelDb: number;
  speaking: boolean;
}

interface Speaking {
  sinceMs: number;
  meanDb: number;
}

/**
 * Who has the floor, and who had it before.
 *  - It stays with somebody while they speak, and after that until somebody else does.
 *  - Of several who begin meanwhile the one who began first gets it.
 *  - Steady noise does not keep it for ever: see `TAKEOVER_MS`.
 */
export class Floor {
  #order: string[] = [];
  readonly #speaking = new Map<string, Speaking>();

  /** By when they last had it, who has it first; those who never had are not in it. */
  get order(): readonly string[] {
    return this.#order;
  }

  /** Ids of those who speak, sorted. */
  get speaking(): string[] {
    return [...this.#speaking.keys()].sort();
  }

  /** Takes what is heard now. Returns true when the floor has passed to somebody. */
  heard(voices: readonly Voice[], nowMs: number): boolean {
    this.#note(voices, nowMs);
    const [holder] = this.#order;
    const next = this.#next(holder, nowMs);
    if (next === undefined || next === holder) return false;
    this.#order = [next, ...this.#order.filter((each) => each !== next)];
    return true;
  }

  /** They have left the stage. */
  leave(participant: string): void {
    this.#speaking.delete(participant);
    this.#order = this.#order.filter((each) => each !== participant);
  }

  /** Nothing is heard any more for now: another mixer begins anew. */
  forget(): void {
    this.#speaking.clear();
  }

  #note(voices: readonly Voice[], nowMs: number): void {
    const loudest = new Map<string, number>();
    for (const { participant, levelDb, speaking } of voices) {
      if (speaking) loudest.set(participant, Math.max(levelDb, loudest.get(participant) ?? SILENT_DB));
    }
    for (const participant of [...this.#speaking.keys()]) {
      if (!loudest.has(participant)) this.#speaking.delete(participant);
    }
    for (const [participant, levelDb] of loudest) {
      const before = this.#speaking.get(participant) ?? { sinceMs: nowMs, meanDb: levelDb };
      const meanDb = before.meanDb + (levelDb - before.meanDb) * SMOOTHING;
      this.#speaking.set(participant, { sinceMs: before.sinceMs, meanDb });
    }
  }

  #next(holder: string | undefined, nowMs: number): string | undefined {
    const held = holder === undefined ? undefined : this.#speaking.get(holder);
    const others = [...this.#speaking]
      .filter(([participant]) => participant !== holder)
      .sort(([, a], [, b]) => a.sinceMs - b.sinceMs);
    if (!held) return others[0]?.[0];
    return others.find(
      ([, { sinceMs, meanDb }]) => nowMs - sinceMs >= TAKEOVER_MS && meanDb >= held.meanDb + LOUDER_DB,
    )?.[0];
  }
}
