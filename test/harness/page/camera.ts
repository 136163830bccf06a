import type { Rgb } from '../reports.ts';
import { drawTimeCode } from './timeCode.ts';

/** When something flashes and sounds: each second from `startMs` on, on the page's clock. */
export interface Beat {
  startMs: number;
  lengthMs: number;
}

/** From the first picture to the first flash: a whole number of pictures at any usual rate. */
export const BEAT_LEAD_MS = 500;

/** A picture of one colour with a time code and a moving disc, as a video track. */
export class Camera {
  readonly track: MediaStreamTrack;
  readonly #context: CanvasRenderingContext2D;
  readonly #colour: string;
  readonly #fps: number;
  readonly #startMs: number;
  readonly #beat: Beat | undefined;
  readonly #detail: HTMLCanvasElement[];
  #drawn = 0;
  #timer = 0;

  constructor(colour: Rgb, width: number, height: number, fps: number, beat?: Beat, detail = 0) {
    this.#beat = beat;
    this.#detail = detail > 0 ? [1, 2, 3, 4, 5, 6, 7].map((seed) => grain(seed, detail)) : [];
    // Pictures are drawn in step with the beat, so that a flash is seen when it begins.
    this.#startMs = beat ? beat.startMs - BEAT_LEAD_MS : performance.now();
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    this.#context = canvas.getContext('2d', { willReadFrequently: true, alpha: false })!;
    this.#colour = `rgb(${colour.join(' ')})`;
    this.#fps = fps;
    this.#draw();
    this.track = canvas.captureStream(fps).getVideoTracks()[0]!;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.track.stop();
  }

  /** Absolute schedule: a late picture does not make the next one late. */
  #draw(): void {
    const context = this.#context;
    const { width, height } = context.canvas;
    const dueMs = this.#startMs + (this.#drawn * 1000) / this.#fps;
    context.fillStyle = this.#isFlash(dueMs) ? '#fff' : this.#colour;
    context.fillRect(0, 0, width, height);
    const grains = this.#detail[this.#drawn % Math.max(1, this.#detail.length)];
    if (grains !== undefined) context.drawImage(grains, 0, 0, width, height);
    this.#drawDisc(width, height);
    drawTimeCode(context, width, height);
    this.#drawn++;
    const nextMs = this.#startMs + (this.#drawn * 1000) / this.#fps;
    this.#timer = window.setTimeout(() => this.#draw(), Math.max(0, nextMs - performance.now()));
  }

  #isFlash(atMs: number): boolean {
    if (!this.#beat || atMs < this.#beat.startMs - 1) return false;
    return (atMs - this.#beat.startMs + 1) % 1000 < this.#beat.lengthMs;
  }

  #drawDisc(width: number, height: number): void {
    const turn = ((performance.now() - this.#startMs) / 2000) * 2 * Math.PI;
    this.#context.fillStyle = '#888';
    this.#context.beginPath();
    this.#context.arc(width * (0.5 + 0.15 * Math.sin(turn)), height * 0.55, height * 0.08, 0, 2 * Math.PI);
    this.#context.fill();
  }
}

/** Grey grains, another pattern for each seed: what no encoder can foretell. */
function grain(seed: number, strength: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = 160;
  canvas.height = 90;
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(canvas.width, canvas.height);
  let state = seed * 2_654_435_761;
  for (let at = 0; at < image.data.length; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    image.data.fill(state >>> 24, at, at + 3);
    image.data[at + 3] = strength * 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
