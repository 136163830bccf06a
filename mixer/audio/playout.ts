/**
 * How long sound waits before it is mixed, so that all but one packet in a hundred come in time: a delay
 * that fits the network, never one that only grows.
 */

const MIN_US = 5_000;
const MAX_US = 200_000;

/** Before anything is known of a network it is taken for a fair one. */
const START_US = 12_000;
const START_WEIGHT = 20;

const BIN_US = 2_000;
const BINS = MAX_US / BIN_US;

/** The share of packets that may come too late. */
const LATE_SHARE = 0.01;

/** How fast the past is forgotten: by a half in 400 packets, 8 s of them. */
const KEPT = 0.5 ** (1 / 400);

/** Packets that come as close after each other as this were held up together: one event. */
const TOGETHER_US = 5_000;

/** From this share of losses on that could be made good it pays to wait for the packet that does. */
const RECOVERABLE_SHARE = 0.01;
const FRAME_US = 20_000;

export class Playout {
  /** How many packets came how late, lately. */
  readonly #counts = new Float64Array(BINS + 1);
  #total = START_WEIGHT;
  /** How many were lost that the next one held once more. */
  #recoverable = 0;
  #lastArrivalUs = Number.NEGATIVE_INFINITY;
  #lastLatenessUs = 0;
  /** How long a packet that came on the quickest path should wait until it is mixed. */
  waitUs = START_US;

  constructor() {
    this.#counts[binOf(START_US - BIN_US)] = START_WEIGHT;
  }

  /** @param latenessUs how much longer this packet was on its way than the quickest one */
  noteArrival(latenessUs: number, arrivalUs: number): void {
    const isSameEvent =
      Math.abs(arrivalUs - this.#lastArrivalUs) < TOGETHER_US && latenessUs <= this.#lastLatenessUs;
    this.#lastArrivalUs = arrivalUs;
    this.#lastLatenessUs = latenessUs;
    if (isSameEvent) return;
    for (let bin = 0; bin <= BINS; bin++) this.#counts[bin]! *= KEPT;
    this.#counts[binOf(latenessUs)]!++;
    this.#total = this.#total * KEPT + 1;
    this.#recoverable *= KEPT;
    const worthUs = this.#recoverable > this.#total * RECOVERABLE_SHARE ? FRAME_US : 0;
    this.waitUs = Math.min(MAX_US, Math.max(MIN_US, this.#quantileUs()) + worthUs);
  }

  /** A packet was lost, and the next one holds it (in-band FEC). */
  noteRecoverable(): void {
    this.#recoverable++;
  }

  /** The upper end of the bin above which only the share lies that may be late, and one more bin for safety. */
  #quantileUs(): number {
    let left = this.#total * LATE_SHARE;
    for (let bin = BINS; bin > 0; bin--) {
      left -= this.#counts[bin]!;
      if (left < 0) return (bin + 2) * BIN_US;
    }
    return 2 * BIN_US;
  }
}

function binOf(latenessUs: number): number {
  return Math.min(BINS, Math.max(0, Math.floor(latenessUs / BIN_US)));
}
