import { readCounter } from '../clips/counter.ts';
import { clip } from '../program.ts';

/** Where a speaker's whole picture lies within what a viewer sees, as fractions of it. */
export interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** What must be known of a speaker to tell how old a picture of theirs is. */
export interface SpeakerClock {
  /** When the picture `firstPicture` was due on the wire, µs on the monotonic clock. */
  startUs: number;
  firstPicture: number;
  /** Pictures of its clip, and how many of them a second. */
  pictures: number;
  fps: number;
}

/** Older than this nothing is: a number that says so was another speaker's. */
const MAX_AGE_US = 1_000_000;

/**
 * How long ago the newest picture with number `stamp` was due on the wire, µs; null when no speaker sent it
 * within the last second. Speakers' clips are far enough apart that there is only one it can be of.
 */
export function ageUs(stamp: number, speakers: readonly SpeakerClock[], nowUs: number): number | null {
  let youngest: number | null = null;
  for (const { startUs, firstPicture, pictures, fps } of speakers) {
    const sent = Math.floor(((nowUs - startUs) * fps) / 1e6);
    const behind = (((firstPicture + sent - stamp) % pictures) + pictures) % pictures;
    if (sent - behind < 0) continue;
    const age = nowUs - (startUs + ((sent - behind) * 1e6) / fps);
    if (age <= MAX_AGE_US && (youngest === null || age < youngest)) youngest = age;
  }
  return youngest;
}

/** Reads the stamps of every place in decoded pictures, and collects the age of each that is new. */
export class GlassSampler {
  readonly #places: readonly Place[];
  readonly #speakers: readonly SpeakerClock[];
  readonly #last: (number | null)[];
  agesMs: number[] = [];
  /** Places in pictures without a number that can be read. */
  unreadable = 0;

  constructor(places: readonly Place[], speakers: readonly SpeakerClock[]) {
    this.#places = places;
    this.#speakers = speakers;
    this.#last = places.map(() => null);
  }

  begin(): void {
    this.agesMs = [];
    this.unreadable = 0;
  }

  picture(luma: Uint8Array, stride: number, size: { width: number; height: number }, nowUs: number): void {
    this.#places.forEach(({ x, y, w }, index) => {
      const width = w * size.width;
      const place = { x: x * size.width, y: y * size.height, width, scale: width / clip.width };
      const stamp = readCounter(luma, stride, place);
      const age = stamp === null ? null : ageUs(stamp, this.#speakers, nowUs);
      if (age === null) this.unreadable++;
      else if (stamp !== this.#last[index]) this.agesMs.push(age / 1000);
      if (stamp !== null) this.#last[index] = stamp;
    });
  }
}
