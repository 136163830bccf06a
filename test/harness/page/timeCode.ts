/**
 * A moment drawn into a picture as blocks large enough to survive scaling and coding: 16 bits of
 * milliseconds and 4 bits of check, in two rows of ten.
 */

const COLUMNS = 10;
const ROWS = 2;
const DATA_BITS = 16;

/** Where the blocks are, in fractions of the speaker's picture: near the top, away from a name tag. */
export const codeArea = { x: 0.25, y: 0.09, w: 0.5, h: 0.18 };

/** Milliseconds on a clock that all pages of this machine share. */
export function clockMs(): number {
  return performance.timeOrigin + performance.now();
}

function checked(ms: number): number {
  const value = ms & 0xffff;
  const check = ((value >> 12) ^ (value >> 8) ^ (value >> 4) ^ value ^ 0b1010) & 0xf;
  return (value << 4) | check;
}

export function drawTimeCode(context: CanvasRenderingContext2D, width: number, height: number): void {
  const code = checked(Math.floor(clockMs()));
  const blockWidth = (codeArea.w * width) / COLUMNS;
  const blockHeight = (codeArea.h * height) / ROWS;
  for (let bit = 0; bit < COLUMNS * ROWS; bit++) {
    const isSet = (code >> (COLUMNS * ROWS - 1 - bit)) & 1;
    context.fillStyle = isSet ? '#fff' : '#000';
    context.fillRect(
      codeArea.x * width + (bit % COLUMNS) * blockWidth,
      codeArea.y * height + Math.floor(bit / COLUMNS) * blockHeight,
      blockWidth,
      blockHeight,
    );
  }
}

const SAMPLES = 4;

/** Reads time codes out of a playing video, wherever in its picture they are. */
export class TimeCodeReader {
  readonly #context: CanvasRenderingContext2D;

  constructor() {
    const canvas = document.createElement('canvas');
    canvas.width = COLUMNS * SAMPLES;
    canvas.height = ROWS * SAMPLES;
    this.#context = canvas.getContext('2d', { willReadFrequently: true, alpha: false })!;
  }

  /**
   * Age in ms of what is shown in `area` (fractions of the video, the speaker's whole picture) at
   * `atMs`; null when there is no readable code.
   */
  ageMs(video: HTMLVideoElement, area: { x: number; y: number; w: number; h: number }, atMs: number) {
    const { width, height } = this.#context.canvas;
    this.#context.drawImage(
      video,
      (area.x + codeArea.x * area.w) * video.videoWidth,
      (area.y + codeArea.y * area.h) * video.videoHeight,
      codeArea.w * area.w * video.videoWidth,
      codeArea.h * area.h * video.videoHeight,
      ...([0, 0, width, height] as const),
    );
    const pixels = this.#context.getImageData(0, 0, width, height).data;
    let code = 0;
    for (let bit = 0; bit < COLUMNS * ROWS; bit++) {
      const x = (bit % COLUMNS) * SAMPLES + SAMPLES / 2;
      const y = Math.floor(bit / COLUMNS) * SAMPLES + SAMPLES / 2;
      const level = pixels[(y * width + x) * 4 + 1]!;
      if (level > 96 && level < 160) return null;
      code = (code << 1) | (level >= 160 ? 1 : 0);
    }
    const value = code >> (COLUMNS * ROWS - DATA_BITS);
    if (checked(value) !== code) return null;
    return (Math.floor(atMs) - value) & 0xffff;
  }
}
