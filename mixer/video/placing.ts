import type { PlacedTile } from '../protocol/control.ts';

/** Pause between two messages about pictures that did nothing but change their shape. */
const PAUSE_US = 1_000_000;

/**
 * How often the server is told where pictures stand: at once when somebody comes, goes or moves, but a camera
 * with another shape in every picture is not worth a message to everybody thirty times a second.
 */
export class Placing {
  #arrangement = '';
  #toldUs = Number.NEGATIVE_INFINITY;
  #held: PlacedTile[] | null = null;

  /**
   * @param placed where pictures stand, when that has changed
   * @param scenes how many scenes have been laid out so far
   * @returns what is to be told now
   */
  take(placed: PlacedTile[] | null, scenes: number, nowUs: number): PlacedTile[] | null {
    this.#held = placed ?? this.#held;
    if (this.#held === null) return null;
    const arrangement = JSON.stringify([scenes, this.#held.map(whoIsSeen)]);
    if (arrangement === this.#arrangement && nowUs - this.#toldUs < PAUSE_US) return null;
    const told = this.#held;
    this.#arrangement = arrangement;
    this.#toldUs = nowUs;
    this.#held = null;
    return told;
  }
}

const whoIsSeen = ({ participant, kind, picture }: PlacedTile) => [participant, kind, picture !== null];
