import type { SourceLevel } from '../../mixer/protocol/control.ts';
import { Voices } from './voices.ts';

/** After a room began to mix, speakers are forwarded this long: viewers see them until the program is there. */
const LINGER_MS = 3_000;
const LEVELS_MS = 100;

export interface ForwardingEvents {
  /** Who is heard how loud, ten times a second while the room forwards. */
  levels(sources: SourceLevel[]): void;
  /** Nobody needs the speakers' own streams any more. */
  ended(): void;
}

/** Whether a room forwards its speakers or mixes them, and what only those rooms need that forward. */
export class Forwarding {
  readonly voices = new Voices();
  readonly #nowMs: () => number;
  readonly #events: ForwardingEvents;
  #on = false;
  #levels: NodeJS.Timeout | undefined;
  #ending: NodeJS.Timeout | undefined;

  constructor(nowMs: () => number, events: ForwardingEvents) {
    this.#nowMs = nowMs;
    this.#events = events;
  }

  /** Viewers are sent the speakers. */
  get on(): boolean {
    return this.#on;
  }

  /** The speakers' streams are in the delivery, or belong there. */
  get active(): boolean {
    return this.#on || this.#ending !== undefined;
  }

  turn(on: boolean): void {
    if (on === this.#on) return;
    this.#on = on;
    clearTimeout(this.#ending);
    clearInterval(this.#levels);
    this.#ending = undefined;
    if (on) {
      this.#levels = setInterval(() => this.#events.levels(this.voices.take(this.#nowMs())), LEVELS_MS);
      this.#levels.unref();
      return;
    }
    this.voices.forget();
    this.#ending = setTimeout(() => {
      this.#ending = undefined;
      this.#events.ended();
    }, LINGER_MS);
    this.#ending.unref();
  }

  close(): void {
    clearTimeout(this.#ending);
    clearInterval(this.#levels);
  }
}
