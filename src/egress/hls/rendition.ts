import { fragment, type Sample } from './fragment.ts';
import type { TimedSample } from './pictures.ts';
import { partOf, slotOf } from './slots.ts';

export interface Part {
  name: string;
  durationS: number;
  /** Begins with a key frame. */
  independent: boolean;
  bytes: Buffer;
}

/** What is to be played from one slot. */
export interface Segment {
  slot: number;
  name: string;
  startUs: number;
  durationS: number;
  parts: Part[];
  /** All of it; null while it is being made. */
  bytes: Buffer | null;
}

export interface RenditionForm {
  /** Stands at the beginning of every file's name, such as `9f31c0-v`. */
  prefix: string;
  init: Buffer;
  /** Ticks per second. */
  timescale: number;
  /** Longest part as a rule, in seconds. */
  partTargetS: number;
}

/** Segments that the playlist tells of, and how many stay to be fetched after it. */
export const LISTED_SEGMENTS = 8;
const KEPT_SEGMENTS = 2 * LISTED_SEGMENTS;

/** One stream of a program, cut into parts and segments that are kept in memory for a while. */
export class Rendition {
  readonly form: RenditionForm;
  /** Oldest first; the last one is being made. */
  readonly segments: Segment[] = [];
  readonly #files = new Map<string, Buffer>();
  readonly #changed: () => void;
  #samples: Sample[] = [];
  #part = 0;
  #fragments = 0;

  /** @param changed a part was completed */
  constructor(form: RenditionForm, changed: () => void) {
    this.form = form;
    this.#changed = changed;
    this.#files.set(this.initName, form.init);
  }

  get initName(): string {
    return `${this.form.prefix}.mp4`;
  }

  file(name: string): Buffer | undefined {
    return this.#files.get(name);
  }

  /** The segment that is being made. */
  get open(): Segment | undefined {
    return this.segments.at(-1);
  }

  /** Segments that are complete and still listed. */
  get listed(): Segment[] {
    return this.segments.filter(({ bytes }) => bytes !== null).slice(-LISTED_SEGMENTS);
  }

  /** Name of the part that comes next. */
  get nextPart(): string | null {
    const open = this.open;
    return open ? this.#partName(open.slot, open.parts.length) : null;
  }

  /** Whether the part, or with none given the whole segment, is there or was. */
  has(slot: number, part: number | null): boolean {
    const open = this.open;
    if (!open || slot < open.slot) return open !== undefined;
    return slot === open.slot && part !== null && part < open.parts.length;
  }

  add(samples: readonly TimedSample[]): void {
    for (const { ptsUs, sample } of samples) {
      const slot = slotOf(ptsUs);
      const part = partOf(ptsUs);
      const open = this.open;
      if (!open || slot > open.slot) {
        this.#completeSegment();
        this.#begin(slot, ptsUs);
      } else if (part > this.#part) this.#completePart();
      this.#part = part;
      this.#samples.push(sample);
    }
  }

  #begin(slot: number, startUs: number): void {
    const name = `${this.form.prefix}${slot}.m4s`;
    this.segments.push({ slot, name, startUs, durationS: 0, parts: [], bytes: null });
    for (const old of this.segments.splice(0, this.segments.length - KEPT_SEGMENTS)) {
      this.#files.delete(old.name);
      for (const part of old.parts) this.#files.delete(part.name);
    }
  }

  #completePart(): void {
    const open = this.open;
    const samples = this.#samples;
    this.#samples = [];
    if (!open || samples.length === 0) return;
    const ticks = samples.reduce((sum, { duration }) => sum + duration, 0);
    const durationS = ticks / this.form.timescale;
    const name = this.#partName(open.slot, open.parts.length);
    const bytes = fragment(++this.#fragments, samples);
    open.parts.push({ name, durationS, independent: samples[0]!.sync, bytes });
    open.durationS += durationS;
    this.#files.set(name, bytes);
    this.#changed();
  }

  #completeSegment(): void {
    this.#completePart();
    const open = this.open;
    if (!open) return;
    open.bytes = Buffer.concat(open.parts.map(({ bytes }) => bytes));
    this.#files.set(open.name, open.bytes);
    // The parts are in the segment: one memory for both.
    let at = 0;
    for (const part of open.parts) {
      part.bytes = open.bytes.subarray(at, at + part.bytes.length);
      at += part.bytes.length;
      this.#files.set(part.name, part.bytes);
    }
  }

  #partName(slot: number, part: number): string {
    return `${this.form.prefix}${slot}.${part}.m4s`;
  }
}
