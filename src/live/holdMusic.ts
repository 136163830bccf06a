import type { Engine, Playing } from '../engine/engine.ts';

/** The source under which it is mixed. */
export const HOLD = { participant: 'hold-music', kind: 'media' } as const;

/** How long it takes to come and to go, in ms. */
const FADE_MS = 1_500;

/** What is heard before a room is live: a file, again and again. */
export class HoldMusic {
  readonly #engine: Engine;
  readonly #pathOf: (name: string) => string | undefined;
  #playing: string | null = null;
  #toldFailure = false;

  /** @param pathOf where a file lies; undefined when it is gone */
  constructor(engine: Engine, pathOf: (name: string) => string | undefined) {
    this.#engine = engine;
    this.#pathOf = pathOf;
  }

  /** @param name of a file; null fades out what plays */
  play(name: string | null): void {
    if (name === this.#playing) return;
    this.#playing = name;
    this.#toldFailure = false;
    const path = name === null ? undefined : this.#pathOf(name);
    if (path === undefined) this.#engine.stopPlay(HOLD.participant);
    else {
      const { participant } = HOLD;
      this.#engine.play({ participant, path, loop: true, state: 'playing', positionMs: 0, fadeMs: FADE_MS });
    }
  }

  /** What hosts should know of it, once: that it cannot be played, and why. */
  failure({ participant, state, detail }: Playing): string | null {
    if (participant !== HOLD.participant || state !== 'failed' || this.#toldFailure) return null;
    this.#toldFailure = true;
    return `${this.#playing}: ${detail}`;
  }
}
