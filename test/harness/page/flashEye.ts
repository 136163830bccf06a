/** Pictures are looked at this small. */
const WIDTH = 64;
const HEIGHT = 36;

/** Green from which on a point is white, and below which it is not any more. */
const WHITE = 180;
const DARK = 110;

/** Sees when points of a playing video turn white, in ms of the page's clock. */
export class FlashEye {
  /** Per point. */
  readonly flashesMs: number[][];
  readonly #video: HTMLVideoElement;
  readonly #points: { x: number; y: number }[];
  readonly #white: boolean[];
  readonly #context: CanvasRenderingContext2D;
  #closed = false;

  /** @param points in fractions of the picture */
  constructor(video: HTMLVideoElement, points: { x: number; y: number }[]) {
    this.#video = video;
    this.#points = points;
    this.flashesMs = points.map(() => []);
    this.#white = points.map(() => true);
    const canvas = document.createElement('canvas');
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    this.#context = canvas.getContext('2d', { willReadFrequently: true, alpha: false })!;
    this.#wait();
  }

  close(): void {
    this.#closed = true;
  }

  #wait(): void {
    this.#video.requestVideoFrameCallback((_, { expectedDisplayTime }) => {
      if (this.#closed) return;
      this.#wait();
      this.#look(expectedDisplayTime);
    });
  }

  #look(shownMs: number): void {
    this.#context.drawImage(this.#video, 0, 0, WIDTH, HEIGHT);
    const pixels = this.#context.getImageData(0, 0, WIDTH, HEIGHT).data;
    for (const [index, { x, y }] of this.#points.entries()) {
      const green = pixels[4 * (Math.floor(y * HEIGHT) * WIDTH + Math.floor(x * WIDTH)) + 1]!;
      if (green >= WHITE && !this.#white[index]) this.flashesMs[index]!.push(shownMs);
      if (green >= WHITE) this.#white[index] = true;
      else if (green < DARK) this.#white[index] = false;
    }
  }
}
