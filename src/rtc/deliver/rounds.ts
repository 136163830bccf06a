import type { ReadPicture } from './pictureReader.ts';

/** Packets sent without a break: at some 7 µs each the event loop is free again after 4 ms. */
const PACKETS_AT_ONCE = 600;
/** Pictures that may wait; then the loop is not left before all are sent, so that whoever feeds it notices. */
const MOST_WAITING = 6;

interface Round<To> {
  picture: ReadPicture;
  to: To[];
  next: number;
  nowUs: number;
}

/**
 * Hands pictures to everybody, one picture after the other. A key frame for hundreds of viewers is tens of
 * milliseconds of work: it is done in parts, and between them the event loop does what else is due.
 */
export class Rounds<To> {
  readonly #hand: (to: To, picture: ReadPicture, nowUs: number) => void;
  #waiting: Round<To>[] = [];
  #turn: NodeJS.Immediate | undefined;

  /** @param hand asked for each; it leaves out who does not want any more */
  constructor(hand: (to: To, picture: ReadPicture, nowUs: number) => void) {
    this.#hand = hand;
  }

  push(picture: ReadPicture, to: Iterable<To>, nowUs: number): void {
    this.#waiting.push({ picture, to: [...to], next: 0, nowUs });
    if (this.#turn === undefined || this.#waiting.length > MOST_WAITING) this.#go();
  }

  /** What waits is not handed out any more. */
  clear(): void {
    this.#waiting = [];
    clearImmediate(this.#turn);
    this.#turn = undefined;
  }

  #go(): void {
    let packets = 0;
    for (;;) {
      const [round] = this.#waiting;
      if (round === undefined) break;
      if (round.next >= round.to.length) {
        this.#waiting.shift();
      } else if (packets >= PACKETS_AT_ONCE && this.#waiting.length <= MOST_WAITING) {
        this.#later();
        return;
      } else {
        packets += round.picture.bounds.length / 2;
        this.#hand(round.to[round.next++]!, round.picture, round.nowUs);
      }
    }
    clearImmediate(this.#turn);
    this.#turn = undefined;
  }

  #later(): void {
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      this.#go();
    });
  }
}
