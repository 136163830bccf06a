/**
 * How long sound waits before it is mixed. The wait grows when packets came too late and shrinks again
 * when for long nothing did: a delay that fits the network, never one that only grows.
 */

const MIN_US = 15_000;
const MAX_US = 200_000;
const GROW_US = 10_000;
const SHRINK_US = 2_500;
const SHRINK_AFTER_US = 10_000_000;

/** Over this window the least backlog is what nobody needs. */
const WINDOW_US = 2_000_000;

/** Packets that came too late count once in this time: they come in groups. */
const LATE_PAUSE_US = 100_000;

/** Backlog over the wanted wait that is worth a cut. */
const SLACK_US = 12_000;

export class Playout {
  /** Wanted wait of the packet that comes just in time. */
  waitUs = MIN_US;
  #lastChangeUs = 0;
  #leastBacklogUs = Number.POSITIVE_INFINITY;
  #windowStartUs = 0;

  /** Sound begins, or begins again. */
  noteStart(nowUs: number): void {
    this.#restartWindow(nowUs);
  }

  /** A packet came after its time. */
  noteLate(nowUs: number): void {
    if (nowUs - this.#lastChangeUs >= LATE_PAUSE_US) this.noteUnderrun(nowUs);
  }

  /** Nothing was there when it was needed. */
  noteUnderrun(nowUs: number): void {
    this.waitUs = Math.min(MAX_US, this.waitUs + GROW_US);
    this.#lastChangeUs = nowUs;
    this.#restartWindow(nowUs);
  }

  /** After each block: how much sound is left over. Gives how much of it should be cut out. */
  noteBacklog(backlogUs: number, nowUs: number): number {
    if (nowUs - this.#lastChangeUs > SHRINK_AFTER_US && this.waitUs > MIN_US) {
      this.waitUs = Math.max(MIN_US, this.waitUs - SHRINK_US);
      this.#lastChangeUs = nowUs;
    }
    this.#leastBacklogUs = Math.min(this.#leastBacklogUs, backlogUs);
    if (nowUs - this.#windowStartUs < WINDOW_US) return 0;
    const excessUs = this.#leastBacklogUs - this.waitUs;
    this.#restartWindow(nowUs);
    return excessUs > SLACK_US && Number.isFinite(excessUs) ? excessUs : 0;
  }

  #restartWindow(nowUs: number): void {
    this.#windowStartUs = nowUs;
    this.#leastBacklogUs = Number.POSITIVE_INFINITY;
  }
}
