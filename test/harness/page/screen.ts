import type { Area, Look, Rgb } from '../reports.ts';
import { Holes } from './holes.ts';
import { clockMs, TimeCodeReader } from './timeCode.ts';

/** What can be seen of a playing video. */
export class Screen {
  readonly #video: HTMLVideoElement;
  readonly #reader = new TimeCodeReader();
  readonly #point = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  #lastPictureMs = 0;
  #look: Look & { areas: Area[]; startMs: number } = emptyLook([]);
  #holes: Holes | undefined;

  constructor(video: HTMLVideoElement) {
    this.#video = video;
    video.requestVideoFrameCallback((nowMs, frame) => this.#see(nowMs, frame));
  }

  /** Forgets what was seen and looks anew; time codes are read in `areas`. */
  startLook(areas: Area[], holes = false): void {
    this.#holes = holes ? new Holes() : undefined;
    this.#look = emptyLook(areas);
    this.#lastPictureMs = performance.now();
  }

  look(): Look {
    const { pictures, longestGapMs, latenciesMs, inBrowserMs, unreadable, startMs } = this.#look;
    const nowMs = performance.now();
    return {
      seconds: (nowMs - startMs) / 1000,
      pictures,
      longestGapMs: Math.max(longestGapMs, nowMs - this.#lastPictureMs),
      latenciesMs,
      inBrowserMs,
      unreadable,
      blackShare: this.#holes?.blackShare ?? 0,
      greenShare: this.#holes?.greenShare ?? 0,
    };
  }

  /** The colour at a point, in fractions of the picture. */
  pixel(x: number, y: number): Rgb {
    const { videoWidth, videoHeight } = this.#video;
    this.#point.drawImage(this.#video, x * videoWidth - 1, y * videoHeight - 1, 2, 2, 0, 0, 1, 1);
    const [red, green, blue] = this.#point.getImageData(0, 0, 1, 1).data;
    return [red!, green!, blue!];
  }

  #see(nowMs: number, frame: VideoFrameCallbackMetadata): void {
    this.#video.requestVideoFrameCallback((next, its) => this.#see(next, its));
    const look = this.#look;
    look.pictures++;
    this.#holes?.look(this.#video);
    look.longestGapMs = Math.max(look.longestGapMs, nowMs - this.#lastPictureMs);
    this.#lastPictureMs = nowMs;
    const atMs = clockMs();
    const inBrowserMs = performance.now() - (frame.receiveTime ?? Number.NaN);
    look.inBrowserMs.push(inBrowserMs);
    look.areas.forEach((area, index) => {
      const ageMs = this.#reader.ageMs(this.#video, area, atMs);
      if (ageMs === null) look.unreadable[index]!++;
      else look.latenciesMs[index]!.push(ageMs);
    });
  }
}

function emptyLook(areas: Area[]): Look & { areas: Area[]; startMs: number } {
  return {
    areas,
    startMs: performance.now(),
    seconds: 0,
    pictures: 0,
    longestGapMs: 0,
    latenciesMs: areas.map(() => []),
    inBrowserMs: [],
    unreadable: areas.map(() => 0),
    blackShare: 0,
    greenShare: 0,
  };
}
