import { BLOCK_US } from './format.ts';

/** Down with the first word, up again when nobody has talked for a while. */
const ATTACK_US = 100_000;
const HOLD_US = 800_000;
const RELEASE_US = 600_000;

/** Lowers the sound of screens and media while somebody talks. */
export class Ducker {
  #db = 0;
  #heldUs = 0;
  /** How far it goes down, in dB; 0 for not at all. */
  depthDb = 0;

  /** One block later. @returns the factor to be applied from here on */
  advance(isTalking: boolean): number {
    this.#heldUs = isTalking ? HOLD_US : Math.max(0, this.#heldUs - BLOCK_US);
    const wantedDb = this.#heldUs > 0 ? -this.depthDb : 0;
    const down = (this.depthDb * BLOCK_US) / ATTACK_US;
    const up = (Math.max(this.depthDb, -this.#db) * BLOCK_US) / RELEASE_US;
    this.#db += Math.min(up, Math.max(-down, wantedDb - this.#db));
    return 10 ** (this.#db / 20);
  }
}
