import type { MediaPacket } from '../matroska/writer.ts';
import { FRAME_US, SoundGrid } from './soundGrid.ts';

/** A coded picture or sound frame of the program, at its time on the monotonic clock. */
export interface ProgramChunk {
  keyFrame: boolean;
  ptsUs: number;
  durationUs: number;
  bytes: Buffer;
}

/** Opus at its usual setting plays what went in 312 samples later (RFC 7845, 4.2): its time is moved back. */
const OPUS_LOOKAHEAD_US = 6_500;

/** Sound kept while the key frame it belongs to is still being encoded. */
const KEPT_SOUND_US = 2_000_000;

/**
 * From the program's time to the recording's, which knows no pauses.
 *  - It begins, and goes on after a pause, with a key frame; sound starts with that picture.
 *  - A picture lasts until the next one: when the mixer is replaced, the last one is held.
 *  - A cut falls at the same moment in picture and sound, whichever of the two arrives first.
 */
export class Timeline {
  readonly #sound = new SoundGrid();
  readonly #hasSound: boolean;
  #state: 'waiting' | 'running' | 'cutting' | 'cut' = 'waiting';
  /** Key frames before this moment do not begin anything. */
  #fromUs: number;
  /** Program time less recording time. */
  #shiftUs = 0;
  #cutUs = Number.POSITIVE_INFINITY;
  /** End of what was laid so far, before the segment that runs. */
  #endUs = 0;
  /** The last picture: how long it lasts is known when the next one comes. */
  #held: ProgramChunk | undefined;
  #pictureUs = Number.NEGATIVE_INFINITY;
  #soundPassedCut = false;
  #picturePassedCut = false;
  #kept: ProgramChunk[] = [];
  /** Sound of the first picture, while that is held: a file begins with its picture. */
  #early: MediaPacket[] | undefined;

  constructor(fromUs: number, hasSound = true) {
    this.#fromUs = fromUs;
    this.#hasSound = hasSound;
  }

  /** True from the first key frame on. */
  get begun(): boolean {
    return this.#state !== 'waiting' || this.#endUs > 0;
  }

  get waitsForKeyFrame(): boolean {
    return this.#state === 'waiting';
  }

  /** True once nothing more can come before the cut. */
  get settled(): boolean {
    return this.#state === 'cut';
  }

  /** Length of the recording at this moment of the program. */
  durationUs(nowUs: number): number {
    if (this.#state === 'running' || this.#state === 'cutting')
      return Math.max(this.#endUs, Math.min(nowUs, this.#cutUs) - this.#shiftUs);
    return this.#endUs;
  }

  /** Where a moment of the program stands in the recording; null where it is not recorded. */
  timeOf(ptsUs: number): number | null {
    const isRunning = this.#state === 'running' || this.#state === 'cutting';
    return isRunning && ptsUs < this.#cutUs ? ptsUs - this.#shiftUs : null;
  }

  pushVideo(chunk: ProgramChunk): MediaPacket[] {
    if (this.#state === 'cut') return [];
    if (this.#state === 'waiting') return this.#begin(chunk);
    // Time that stands still or runs backwards has no place in a file.
    if (chunk.ptsUs <= this.#pictureUs) return [];
    if (chunk.ptsUs >= this.#cutUs) {
      this.#picturePassedCut = true;
      return this.#settleIfDone();
    }
    const before = this.#release(chunk.ptsUs);
    this.#hold(chunk);
    return before;
  }

  pushAudio(chunk: ProgramChunk): MediaPacket[] {
    if (this.#state === 'cut') return [];
    if (this.#state === 'waiting') {
      this.#kept.push(chunk);
      this.#kept = this.#kept.filter(({ ptsUs }) => ptsUs > chunk.ptsUs - KEPT_SOUND_US);
      return [];
    }
    const heardUs = chunk.ptsUs - OPUS_LOOKAHEAD_US;
    if (heardUs + FRAME_US / 2 >= this.#cutUs) {
      this.#soundPassedCut = true;
      return this.#settleIfDone();
    }
    if (heardUs < this.#shiftUs + this.#endUs - FRAME_US / 2) return [];
    const packets = this.#sound.push(heardUs - this.#shiftUs, chunk.bytes);
    if (!this.#early) return packets;
    this.#early.push(...packets);
    return [];
  }

  /** Nothing from this moment on belongs to the recording. What was before it may still come. */
  cut(atUs: number): MediaPacket[] {
    if (this.#state === 'waiting') this.#state = 'cut';
    if (this.#state !== 'running') return [];
    // A held picture may be newer than the cut: it is shown for a moment, rather than lost.
    this.#cutUs = Math.max(atUs, this.#pictureUs + 1_000);
    this.#state = 'cutting';
    this.#soundPassedCut = !this.#hasSound;
    return [];
  }

  /** Ends the wait for what has not come. */
  settle(): MediaPacket[] {
    if (this.#state !== 'cutting') return [];
    const last = this.#release(this.#cutUs);
    this.#endUs = this.#cutUs - this.#shiftUs;
    this.#state = 'cut';
    return this.#hasSound ? [...last, ...this.#sound.fillTo(this.#endUs)] : last;
  }

  /** After a cut: goes on with the next key frame from this moment on. */
  resume(fromUs: number): void {
    if (this.#state !== 'cut') return;
    this.#state = 'waiting';
    this.#fromUs = fromUs;
    this.#cutUs = Number.POSITIVE_INFINITY;
    this.#soundPassedCut = false;
    this.#picturePassedCut = false;
    this.#kept = [];
  }

  #begin(chunk: ProgramChunk): MediaPacket[] {
    if (!chunk.keyFrame || chunk.ptsUs < this.#fromUs || chunk.ptsUs <= this.#pictureUs) return [];
    this.#state = 'running';
    this.#shiftUs = chunk.ptsUs - this.#endUs;
    this.#hold(chunk);
    this.#early = [];
    const kept = this.#kept;
    this.#kept = [];
    for (const sound of kept) this.pushAudio(sound);
    return [];
  }

  #hold(chunk: ProgramChunk): void {
    this.#held = chunk;
    this.#pictureUs = chunk.ptsUs;
  }

  #release(untilUs: number): MediaPacket[] {
    const held = this.#held;
    if (!held) return [];
    this.#held = undefined;
    const { keyFrame, ptsUs, bytes } = held;
    const timeUs = ptsUs - this.#shiftUs;
    const early = this.#early ?? [];
    this.#early = undefined;
    return [{ media: 'video', keyFrame, timeUs, durationUs: untilUs - ptsUs, bytes }, ...early];
  }

  #settleIfDone(): MediaPacket[] {
    return this.#soundPassedCut && this.#picturePassedCut ? this.settle() : [];
  }
}
