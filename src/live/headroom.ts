import { RostrumError } from '../errors.ts';
import { Overload } from './overload.ts';

export interface HeadroomLimits {
  /** How late an event loop may be, 99th percentile of a second in ms; 0 for any. */
  lagMs: number;
  /** Share of its pictures that a mixer may skip, 0..1; 0 for any. */
  skippedShare: number;
}

/** What was measured in the last second. */
export interface Load {
  /** Of the latest of all threads. */
  lagMs: number;
  /** Of each room that mixes. */
  skippedShares: ReadonlyMap<string, number>;
}

const RETRY_S = 15;
const REMEDY =
  'Those inside keep what they have: try again later. The operator can add processors, start another server, ' +
  'or send the audience to an HLS output';

/**
 * Whether anybody new can be taken in without harm to those who are inside.
 *  - Where event loops are late, or the usual mixer skips pictures, nobody is taken in anywhere.
 *  - Where one room's mixer alone cannot keep up, nobody is taken into that room.
 */
export class Headroom {
  /** Who was turned away since the start. */
  refused = 0;
  readonly #limits: HeadroomLimits;
  readonly #lag: Overload;
  readonly #skips: Overload;
  readonly #rooms = new Map<string, Overload>();

  constructor(limits: HeadroomLimits) {
    this.#limits = limits;
    this.#lag = new Overload(limits.lagMs);
    this.#skips = new Overload(limits.skippedShare);
  }

  /** Why the server takes nobody in; null when it does. */
  get shortage(): string | null {
    if (this.#lag.is) {
      const { worst, limit } = this.#lag;
      return `the server is too busy: a thread was ${Math.round(worst)} ms late, ${limit} ms are allowed`;
    }
    return this.#skips.is ? `the server is too busy: ${skipping(this.#skips)}` : null;
  }

  /** Why nobody is taken into this room; null when people are. */
  shortageIn(room: string): string | null {
    const own = this.#rooms.get(room);
    return this.shortage ?? (own?.is ? `the room is too much for the server: ${skipping(own)}` : null);
  }

  /** To be told once a second. */
  note({ lagMs, skippedShares }: Load): void {
    this.#lag.note(lagMs);
    this.#skips.note(lowerMedian([...skippedShares.values()]));
    for (const room of this.#rooms.keys()) if (!skippedShares.has(room)) this.#rooms.delete(room);
    for (const [room, share] of skippedShares) {
      const overload = this.#rooms.get(room) ?? new Overload(this.#limits.skippedShare);
      this.#rooms.set(room, overload);
      overload.note(share);
    }
  }

  /** @throws RostrumError full, with the cause and what helps */
  require(room: string): void {
    const shortage = this.shortageIn(room);
    if (shortage === null) return;
    this.refused++;
    throw new RostrumError('full', `${shortage}. ${REMEDY}`, RETRY_S);
  }
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const skipping = ({ worst, limit }: Overload): string =>
  `a mixer skipped ${percent(worst)} of its pictures, ${percent(limit)} are allowed`;

function lowerMedian(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
