import { lengthPrefixed } from '../matroska/avc.ts';
import type { ProgramChunk } from '../recording/timeline.ts';
import type { Sample } from './fragment.ts';
import { VIDEO_TIMESCALE } from './initSegment.ts';
import { slotOf, slotStartUs } from './slots.ts';

/** A sample and when it is shown, in the program's time. */
export interface TimedSample {
  ptsUs: number;
  sample: Sample;
}

interface Picture {
  keyFrame: boolean;
  ptsUs: number;
  /** Length-prefixed units. */
  bytes: Buffer;
}

/** A key frame is the first picture of its slot, so it stands this near to its start or not at all. */
const LATE_KEY_FRAME_US = 250_000;
/** Pictures that are only decoded, for the sake of a later one, are shown this long. */
const STEP_US = 1_000;
/** More than a slot's pictures: key frames have ceased to come. */
const MAX_GROUP = 400;

/**
 * Pictures become samples whose lengths fill the time.
 *  - Each slot begins with a key frame. The mixer sees to it; where it could not, because it was being
 *    replaced, the slot begins with the group of pictures before it, up to the one that is still seen.
 *  - A picture's length is known when the next one comes, so samples come one picture late.
 */
export class Pictures {
  readonly #originUs: number;
  /** From the last key frame to the picture that is seen. */
  #group: Picture[] = [];
  /** The last picture, from where it, or what repeats it, is shown. */
  #held: Picture | undefined;

  /** @param originUs the program's time at tick 0 */
  constructor(originUs: number) {
    this.#originUs = originUs;
  }

  /** Samples that are complete; null when the stream cannot go on from here. */
  push(chunk: ProgramChunk): TimedSample[] | null {
    const picture = { keyFrame: chunk.keyFrame, ptsUs: chunk.ptsUs, bytes: lengthPrefixed(chunk.bytes) };
    const held = this.#held;
    if (held && picture.ptsUs <= held.ptsUs) return [];
    const samples = held ? this.#until(picture, held) : [];
    if (!held && !picture.keyFrame) return [];
    if (picture.keyFrame) this.#group = [];
    this.#group.push(picture);
    this.#held = picture;
    return this.#group.length > MAX_GROUP ? null : samples;
  }

  /** All from the held picture to the one that comes now. */
  #until(next: Picture, held: Picture): TimedSample[] {
    const samples: TimedSample[] = [];
    const slot = slotOf(next.ptsUs);
    const isClean = next.keyFrame && next.ptsUs - slotStartUs(slot) < LATE_KEY_FRAME_US;
    let shownUs = held.ptsUs;
    let shown: Picture[] = [held];
    for (let passed = slotOf(held.ptsUs) + 1; passed <= (isClean ? slot - 1 : slot); passed++) {
      const startUs = slotStartUs(passed);
      samples.push(...this.#show(shown, shownUs, startUs));
      [shown, shownUs] = [this.#group, startUs];
    }
    samples.push(...this.#show(shown, shownUs, next.ptsUs));
    return samples;
  }

  /** The last of `pictures` fills the time; those before it are hurried through. */
  #show(pictures: Picture[], fromUs: number, untilUs: number): TimedSample[] {
    const stepUs = Math.min(STEP_US, (untilUs - fromUs) / (2 * pictures.length));
    return pictures.map(({ keyFrame, bytes }, index) => {
      const startUs = fromUs + index * stepUs;
      const endUs = index === pictures.length - 1 ? untilUs : startUs + stepUs;
      const time = this.#ticks(startUs);
      const sample = { time, duration: this.#ticks(endUs) - time, sync: keyFrame, bytes };
      return { ptsUs: startUs, sample };
    });
  }

  #ticks(ptsUs: number): number {
    return Math.round(((ptsUs - this.#originUs) * VIDEO_TIMESCALE) / 1e6);
  }
}
