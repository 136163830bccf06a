import { intersection } from '../area.ts';
import { drawPlanes, evenUp, measure } from '../drawing.ts';
import type { PixelRect, Size } from '../fit.ts';
import type { Planes } from '../planes.ts';
import { mix, type Surface, surfaceOf } from '../surface.ts';
import { colours } from '../text/colours.ts';
import { oneLine, setFont } from '../text/text.ts';
import type { Graphic, Moment } from './graphic.ts';

/** Of the canvas height. */
const HEIGHT = 1 / 15;
/** Canvas heights a second. */
const SPEED = 1 / 6;
/** Characters; further ones would never be waited for. */
const LONGEST = 500;
/** Pixels: wider ones cannot be drawn. */
const WIDEST = 16_000;

/**
 * A line that runs through at the bottom, again and again. Its whole text is drawn once; each picture
 * copies the part that is seen, so that only its strip is touched.
 */
export class Ticker implements Graphic {
  readonly opaque = true;
  readonly area: PixelRect;
  readonly #surface: Surface;
  readonly #speed: number;
  #startUs: number | undefined;
  #offset = 0;

  constructor(text: string, canvas: Size) {
    const height = evenUp(canvas.height * HEIGHT);
    this.area = { x: 0, y: canvas.height - height, width: canvas.width, height };
    this.#speed = canvas.height * SPEED;
    this.#surface = surfaceOf(drawStrip(oneLine(text, LONGEST), canvas.width, height));
  }

  advance({ nowUs }: Moment): boolean {
    this.#startUs ??= nowUs;
    // Even steps: chroma moves along with luma.
    const offset =
      (Math.round((((nowUs - this.#startUs) / 1e6) * this.#speed) / 2) * 2) % this.#surface.width;
    if (offset === this.#offset) return false;
    this.#offset = offset;
    return true;
  }

  draw(canvas: Planes, clip: PixelRect, opacity: number): void {
    const { area } = this;
    const seen = intersection(area, clip);
    if (seen === undefined) return;
    for (let x = -this.#offset; x < area.width; x += this.#surface.width)
      mix(canvas, this.#surface, { x: area.x + x, y: area.y }, seen, null, opacity);
  }
}

/** The text, then a gap: at least as wide as the canvas, so that it is never seen twice at once. */
function drawStrip(text: string, canvasWidth: number, height: number): Planes {
  const size = height * 0.5;
  const context = measure();
  setFont(context, text, 600, size);
  const gap = canvasWidth / 4;
  const wanted = Math.max(canvasWidth, context.measureText(text).width + gap);
  const width = evenUp(Math.min(WIDEST, wanted));
  return drawPlanes({ width, height }, (drawing) => {
    drawing.fillStyle = colours.background;
    drawing.fillRect(0, 0, width, height);
    drawing.fillStyle = colours.accent;
    drawing.fillRect(0, 0, width, 2);
    setFont(drawing, text, 600, size);
    drawing.fillStyle = colours.text;
    drawing.textBaseline = 'middle';
    drawing.fillText(text, size, height * 0.52);
  });
}
