import type { TrackClock } from './trackClock.ts';

/**
 * The program's pictures are this much newer than the sound that plays with them, and sender reports do
 * not tell it: nobody notices sound that comes 15 ms after its picture (ITU-R BT.1359 allows 125 ms),
 * while browsers would hold every picture back for it.
 */
export const PICTURE_LEAD_US = 15_000;

/** Never hold a picture longer for its sound: then something is wrong with the reports. */
const MAX_PICTURE_DELAY_US = 400_000;

/** Two tracks of one sender are never this far apart on their way: then a report is wrong. */
const MAX_PATH_DIFFERENCE_US = 1_000_000;

/**
 * One source's tracks on the room's timeline. Sound is the master: its delay (from capture to the mix)
 * decides when each picture is due.
 */
export class SourceTimeline {
  #audio: TrackClock | undefined;
  #video: TrackClock | undefined;
  /** Smoothed (now − capture) of the sound that is being mixed; undefined while there is none. */
  #audioDelayUs: number | undefined;
  #audioPlayedUs = 0;
  #avOffsetUs = 0;

  setAudio(clock: TrackClock | undefined): void {
    this.#audio = clock;
    this.#audioDelayUs = undefined;
    this.#avOffsetUs = 0;
  }

  setVideo(clock: TrackClock | undefined): void {
    this.#video = clock;
  }

  /** When `ticks` of one of the two tracks was captured, on our clock (less the quicker path's time). */
  captureUs(clock: TrackClock, ticks: number): number {
    return clock.localUsByArrival(ticks) - this.#behindUs(clock);
  }

  /** Called at each mix: the sample at `ticks` is heard now. */
  noteAudioPlayed(ticks: number, nowUs: number): void {
    if (this.#audio === undefined) return;
    const delayUs = nowUs - this.captureUs(this.#audio, ticks);
    this.#audioPlayedUs = nowUs;
    this.#audioDelayUs =
      this.#audioDelayUs === undefined ? delayUs : this.#audioDelayUs * 0.95 + delayUs * 0.05;
  }

  get audioDelayUs(): number {
    return this.#audioDelayUs ?? 0;
  }

  /** A picture captured at `captureUs` is drawn at `nowUs`. */
  notePictureShown(captureUs: number, nowUs: number): void {
    if (this.#audioDelayUs === undefined) return;
    const offsetUs = nowUs - captureUs - (this.#audioDelayUs - PICTURE_LEAD_US);
    this.#avOffsetUs = this.#avOffsetUs * 0.95 + offsetUs * 0.05;
  }

  /** How much later pictures are shown than their sound is heard, smoothed; 0 without sound. */
  get avOffsetUs(): number {
    return this.#avOffsetUs;
  }

  /** The moment at which a picture captured at `captureUs` belongs into the program. */
  dueUs(captureUs: number, nowUs: number): number {
    if (this.#audioDelayUs === undefined || nowUs - this.#audioPlayedUs > 1_000_000) return captureUs;
    const delayUs = this.#audioDelayUs - PICTURE_LEAD_US;
    return captureUs + Math.min(Math.max(delayUs, 0), MAX_PICTURE_DELAY_US);
  }

  /** By how much the path of `clock` is longer than the other track's, as the sender reports tell. */
  #behindUs(clock: TrackClock): number {
    const other = clock === this.#audio ? this.#video : this.#audio;
    const differenceUs = (clock.pathUs ?? 0) - (other?.pathUs ?? 0);
    const isKnown = clock.pathUs !== undefined && other?.pathUs !== undefined;
    return isKnown && differenceUs > 0 && differenceUs <= MAX_PATH_DIFFERENCE_US ? differenceUs : 0;
  }
}
