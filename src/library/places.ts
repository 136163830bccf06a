import { RostrumError } from '../errors.ts';
import { Pace } from './pace.ts';

export interface UploadLimits {
  /** Uploads at a time, of all rooms. */
  maxAtOnce: number;
  /** Uploads at a time into one room, or into the shelf for all of them. */
  maxPerShelf: number;
  /** An upload that stands still as long as this ends. */
  idleMs: number;
  /** Time over which the rate is looked at, and which everybody has before it is. */
  windowMs: number;
  /** A slower one ends, kbit/s. */
  minKbps: number;
  /** One slower than this gives way when its place is wanted, kbit/s. */
  fairKbps: number;
}

export const defaultUploadLimits: UploadLimits = {
  maxAtOnce: 16,
  maxPerShelf: 4,
  idleMs: 20_000,
  windowMs: 10_000,
  minKbps: 64,
  fairKbps: 1000,
};

/** Looks at the rate this many times in a window. */
const LOOKS = 10;

/** Worth trying again then, in seconds. */
const RETRY_S = 5;

/**
 * Places for uploads: so many on each shelf, so many altogether.
 *  - One shelf's uploads leave places for the others.
 *  - Who stands still or is slower than the least rate loses the place.
 *  - When all are taken, the slowest gives way to the next, unless it is fast enough to end soon.
 */
export class UploadPlaces {
  readonly #limits: UploadLimits;
  readonly #taken = new Set<UploadPlace>();
  /** Bytes that have come to each shelf, less those of uploads that came to nothing. */
  readonly #came = new Map<string | null, number>();

  constructor(limits: UploadLimits) {
    this.#limits = limits;
  }

  /**
   * @param shelf of which room; null is the one for all
   * @throws RostrumError too-many-uploads
   */
  enter(shelf: string | null): UploadPlace {
    const { maxAtOnce, maxPerShelf } = this.#limits;
    const beside = [...this.#taken].filter((place) => place.shelf === shelf);
    if (beside.length >= maxPerShelf)
      this.#makeRoom(beside, shelf === null ? 'for all rooms' : 'by this room');
    if (this.#taken.size >= maxAtOnce) this.#makeRoom([...this.#taken], 'by the server');
    const place = new UploadPlace(shelf, this.#limits, {
      came: (bytes) => this.#came.set(shelf, (this.#came.get(shelf) ?? 0) + bytes),
      left: () => this.#taken.delete(place),
    });
    this.#taken.add(place);
    return place;
  }

  /** What has come so far to one shelf and to all, and how much of it to this one is not a file yet; bytes. */
  tally(shelf: string | null): { shelf: number; all: number; unfinished: number } {
    const beside = [...this.#taken].filter((place) => place.shelf === shelf);
    return {
      shelf: this.#came.get(shelf) ?? 0,
      all: [...this.#came.values()].reduce((sum, bytes) => sum + bytes, 0),
      unfinished: beside.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  /** The room is no more. */
  forget(shelf: string): void {
    this.#came.delete(shelf);
  }

  #makeRoom(places: UploadPlace[], by: string): void {
    const slow = places
      .map((place) => ({ place, kbps: place.kbps() ?? Number.POSITIVE_INFINITY }))
      .filter(({ kbps }) => kbps < this.#limits.fairKbps)
      .sort((a, b) => a.kbps - b.kbps)[0];
    if (slow) {
      const rate = `${Math.round(slow.kbps)} kbit/s`;
      slow.place.end(`it came at ${rate} only while others waited for its place; send it again later`);
      return;
    }
    const taken = `${places.length} files are being taken in ${by}`;
    throw new RostrumError('too-many-uploads', `${taken}; try again when one of them has come`, RETRY_S);
  }
}

/** One upload's place. Leaving twice is the same as once. */
export class UploadPlace {
  readonly shelf: string | null;
  readonly #limits: UploadLimits;
  readonly #tell: { came(bytes: number): void; left(): void };
  readonly #pace: Pace;
  readonly #ending = new AbortController();
  readonly #looking: NodeJS.Timeout;

  #bytes = 0;
  #isOver = false;

  constructor(shelf: string | null, limits: UploadLimits, tell: { came(bytes: number): void; left(): void }) {
    this.shelf = shelf;
    this.#limits = limits;
    this.#tell = tell;
    this.#pace = new Pace(limits.windowMs, performance.now());
    this.#looking = setInterval(() => this.#look(), Math.min(limits.idleMs, limits.windowMs) / LOOKS);
    this.#looking.unref();
  }

  /** Aborted, for a RostrumError `too-slow`, when the place is lost. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** That have come. */
  get bytes(): number {
    return this.#bytes;
  }

  came(bytes: number): void {
    if (this.#isOver) return;
    this.#pace.came(bytes, performance.now());
    this.#bytes += bytes;
    this.#tell.came(bytes);
  }

  /** Null while it is too early to say. */
  kbps(): number | null {
    return this.#pace.kbps(performance.now());
  }

  /** @param became whether there is a file now */
  leave(became = false): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#looking);
    if (!became) this.#tell.came(-this.#bytes);
    this.#tell.left();
  }

  /** @param because goes on from "the upload was ended:" */
  end(because: string): void {
    this.leave();
    this.#ending.abort(new RostrumError('too-slow', `the upload was ended: ${because}`, RETRY_S));
  }

  #look(): void {
    const { idleMs, minKbps } = this.#limits;
    const kbps = this.kbps();
    if (this.#pace.idleMs(performance.now()) >= idleMs) {
      this.end(`nothing came for ${idleMs / 1000} s; send it again over a better connection`);
    } else if (kbps !== null && kbps < minKbps) {
      const rates = `${Math.round(kbps)} kbit/s came, ${minKbps} are the least`;
      this.end(`${rates}; send it again over a faster connection`);
    }
  }
}
