import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import type { Feed, Rung } from '../contract.ts';
import type { Forwarder } from './forwarder.ts';
import { costOf, extraOf, rungsOf, shareOut } from './ladder.ts';
import type { OutgoingTrack } from './track.ts';

interface PictureSlot {
  readonly track: OutgoingTrack;
  readonly codecs: readonly VideoCodec[];
  feed: Feed | null;
  /** What `feed` offers within the viewer's own limit, best first. */
  rungs: readonly Rung[];
  /** Index of the rung it is given; the number of rungs for none. */
  chosen: number;
}

/** The video slots of one viewer: each is given the rung that its feed, the viewer and the network allow. */
export class PictureSlots {
  readonly #slots: PictureSlot[];
  readonly #forwarder: (source: string) => Forwarder;
  #maxHeight: number | null = null;
  #budgetKbps = Number.POSITIVE_INFINITY;

  constructor(
    tracks: readonly { track: OutgoingTrack; codecs: readonly VideoCodec[] }[],
    forwarder: (source: string) => Forwarder,
  ) {
    this.#slots = tracks.map((each) => ({ ...each, feed: null, rungs: [], chosen: 0 }));
    this.#forwarder = forwarder;
  }

  /** What the rungs that are given now take of the downlink together, kbit/s. */
  get costKbps(): number {
    return this.#slots.reduce((sum, { rungs, chosen }) => sum + costOf(rungs[chosen]), 0);
  }

  /** What the smallest improvement of any slot would take more, kbit/s; undefined when all have their best. */
  get nextKbps(): number | undefined {
    const extras = this.#slots.flatMap(({ rungs, chosen }) => extraOf(rungs, chosen) ?? []);
    return extras.length === 0 ? undefined : Math.min(...extras);
  }

  /** What the least there is would take: the smallest picture of one slot, kbit/s. */
  get leastKbps(): number {
    const least = this.#slots.flatMap(({ rungs }) => (rungs.length > 0 ? costOf(rungs.at(-1)) : []));
    return least.length === 0 ? 0 : Math.min(...least);
  }

  /** What each slot is given now. */
  get given(): Rung[] {
    return this.#slots.flatMap(({ rungs, chosen }) => rungs[chosen] ?? []);
  }

  /** The rung that slot is sent now; null before its first picture. */
  heightOf(slot: number): number | null {
    const found = this.#slots[slot];
    if (found === undefined) return 0;
    const { track, rungs } = found;
    if (track.wanted === undefined) return 0;
    return rungs.find(({ source }) => source === track.current)?.height ?? null;
  }

  feed(slot: number, feed: Feed | null, nowUs: number): void {
    const found = this.#slots[slot];
    if (found === undefined) return;
    found.feed = feed;
    this.#choose(nowUs);
  }

  /** The viewer's own wish, as in the message `limit`. */
  limit(maxHeight: number | null, nowUs: number): void {
    this.#maxHeight = maxHeight;
    this.#choose(nowUs);
  }

  /** @param abandon rungs that are too much are given up at once, before the better fitting one is there */
  allow(budgetKbps: number, nowUs: number, abandon = false): void {
    this.#budgetKbps = budgetKbps;
    this.#choose(nowUs, abandon);
  }

  #choose(nowUs: number, abandon = false): void {
    for (const slot of this.#slots) slot.rungs = rungsOf(slot.feed, slot.codecs, this.#maxHeight);
    const shares = shareOut(
      this.#slots.map(({ rungs }) => rungs),
      this.#budgetKbps,
    );
    this.#slots.forEach((slot, i) => {
      slot.chosen = shares[i]!;
      const rung = slot.rungs[slot.chosen];
      const forwarder = rung === undefined ? null : this.#forwarder(rung.source);
      slot.track.select(forwarder, nowUs, abandon);
    });
  }
}
