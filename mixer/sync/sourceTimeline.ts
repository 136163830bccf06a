import { PathDifference } from './pathDifference.ts';
import { PictureWay } from './pictureWay.ts';
import type { TrackClock } from './trackClock.ts';

/**
 * The program's pictures are this much newer than the sound that plays with them, and sender reports do
 * not tell it: nobody notices sound that comes 15 ms after its picture (ITU-R BT.1359 allows 125 ms),
 * while browsers would hold every picture back for it.
 */
export const PICTURE_LEAD_US = 15_000;

/** Never hold a picture longer for its sound: then something is wrong with the reports. */
const MAX_PICTURE_DELAY_US = 700_000;

/** Sound that has not been heard for this long holds no picture; pauses are shorter. */
const SILENT_US = 10_000_000;

/** How fast means follow, per block of sound and per picture. */
const WEIGHT = 0.05;

/**
 * One source's tracks on the room's timeline. Sound is the master: its delay (from capture to the mix)
 * decides when each picture is due. Only where pictures take clearly longer does sound wait for them.
 */
export class SourceTimeline {
  #audio: TrackClock | undefined;
  #video: TrackClock | undefined;
  readonly #difference = new PathDifference();
  readonly #pictures = new PictureWay();
  /** Smoothed (now − capture) of the sound that is being mixed; undefined while there is none. */
  #audioDelayUs: number | undefined;
  #audioPlayedUs = 0;
  #avOffsetUs = 0;
  /** How long sound should be here before it is mixed, for its pictures' sake; 0 when they are in time. */
  holdUs = 0;

  setAudio(clock: TrackClock | undefined): void {
    this.#audio = clock;
    this.#audioDelayUs = undefined;
    this.#begin();
  }

  setVideo(clock: TrackClock | undefined): void {
    this.#video = clock;
    this.#begin();
  }

  /** When `ticks` of one of the two tracks was captured, on our clock (less the quicker path's time). */
  captureUs(clock: TrackClock, ticks: number): number {
    const behindUs = clock === this.#audio ? this.#difference.us : -this.#difference.us;
    return clock.localUsByArrival(ticks) - Math.max(0, behindUs);
  }

  /** Called at each mix: the sample at `ticks` is heard now. */
  noteAudioPlayed(ticks: number, nowUs: number): void {
    const audio = this.#audio;
    if (audio === undefined) return;
    this.#difference.follow(audio, this.#video, nowUs);
    const delayUs = nowUs - this.captureUs(audio, ticks);
    this.#audioPlayedUs = nowUs;
    this.#audioDelayUs =
      this.#audioDelayUs === undefined
        ? delayUs
        : this.#audioDelayUs + WEIGHT * (delayUs - this.#audioDelayUs);
    const wantedUs = this.#pictures.wantedUs(this.#audioDelayUs - PICTURE_LEAD_US, nowUs);
    const behindUs = Math.max(0, this.#difference.us);
    this.holdUs = wantedUs === 0 ? 0 : Math.max(0, wantedUs + PICTURE_LEAD_US - behindUs);
  }

  get audioDelayUs(): number {
    return this.#audioDelayUs ?? 0;
  }

  /** A picture captured at `captureUs` has been decoded. */
  notePictureReady(captureUs: number, nowUs: number): void {
    this.#pictures.noteReady(captureUs, nowUs);
  }

  /** A picture captured at `captureUs` is drawn at `nowUs`. */
  notePictureShown(captureUs: number, nowUs: number): void {
    if (this.#audioDelayUs === undefined) return;
    const offsetUs = nowUs - captureUs - (this.#audioDelayUs - PICTURE_LEAD_US);
    this.#avOffsetUs += WEIGHT * (offsetUs - this.#avOffsetUs);
  }

  /** How much later pictures are shown than their sound is heard, smoothed; 0 without sound. */
  get avOffsetUs(): number {
    return this.#avOffsetUs;
  }

  /** The moment at which a picture captured at `captureUs` belongs into the program. */
  dueUs(captureUs: number, nowUs: number): number {
    if (this.#audioDelayUs === undefined || nowUs - this.#audioPlayedUs > SILENT_US) return captureUs;
    const delayUs = this.#audioDelayUs - PICTURE_LEAD_US;
    return captureUs + Math.min(Math.max(delayUs, 0), MAX_PICTURE_DELAY_US);
  }

  /** Another track: what was learned of the pair is no longer true. */
  #begin(): void {
    this.#difference.reset();
    this.#pictures.reset();
    this.#avOffsetUs = 0;
    this.holdUs = 0;
  }
}
