/**
 * Handshakes one after the other, a few at a time. Each costs ~10 ms of this thread, and those who watch
 * already must not notice that a hundred others come.
 */

/** At once: while one side waits for the network, another can compute. */
const AT_ONCE = 4;
/** Whoever needs longer waits for a slow network, not for us. */
const TURN_MS = 400;

interface Waiting {
  owner: object;
  start: () => void;
}

export class JoinQueue {
  #waiting: Waiting[] = [];
  readonly #shaking = new Map<object, NodeJS.Timeout>();
  #turn: NodeJS.Immediate | undefined;

  /** Calls `start` when it is the owner's turn, never within this call when others are before it. */
  enter(owner: object, start: () => void): void {
    this.#waiting.push({ owner, start });
    this.#next();
  }

  /** The owner is connected, or gone. */
  leave(owner: object): void {
    this.#waiting = this.#waiting.filter((each) => each.owner !== owner);
    clearTimeout(this.#shaking.get(owner));
    if (this.#shaking.delete(owner)) this.#next();
  }

  close(): void {
    this.#waiting = [];
    clearImmediate(this.#turn);
    for (const timer of this.#shaking.values()) clearTimeout(timer);
    this.#shaking.clear();
  }

  /** One in each turn of the event loop, so that media goes in between. */
  #next(): void {
    if (this.#turn !== undefined || this.#waiting.length === 0 || this.#shaking.size >= AT_ONCE) return;
    const { owner, start } = this.#waiting.shift()!;
    this.#shaking.set(owner, setTimeout(() => this.leave(owner), TURN_MS).unref());
    this.#turn = setImmediate(() => {
      this.#turn = undefined;
      this.#next();
    });
    start();
  }
}
