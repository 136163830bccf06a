import { drawOverlay, evenUp, measure } from '../drawing.ts';
import type { PixelRect, Size } from '../fit.ts';
import { blend, type Overlay } from '../overlay.ts';
import type { Planes } from '../planes.ts';
import { colours } from '../text/colours.ts';
import { ellipsis, oneLine, setFont } from '../text/text.ts';
import type { Graphic, Moment } from './graphic.ts';

/** Of the canvas height. */
const DIGITS = 1 / 7;

/** Time left until a moment, in the middle; stays at zero. Drawn anew once a second. */
export class Countdown implements Graphic {
  readonly opaque = false;
  readonly area: PixelRect;
  readonly #title: string;
  readonly #untilMs: number;
  #overlay: Overlay | undefined;
  #seconds = -1;

  constructor(title: string, untilMs: number, canvas: Size) {
    this.#title = oneLine(title);
    this.#untilMs = untilMs;
    const width = evenUp(Math.min(canvas.width, canvas.height * 0.9));
    const height = evenUp(canvas.height * (this.#title === '' ? DIGITS * 1.5 : DIGITS * 2));
    const even = (value: number) => Math.round(value / 2) * 2;
    this.area = {
      x: Math.max(0, even((canvas.width - width) / 2)),
      y: even((canvas.height - height) / 2),
      width,
      height,
    };
  }

  advance({ wallMs }: Moment): boolean {
    const seconds = Math.max(0, Math.ceil((this.#untilMs - wallMs) / 1000)) || 0;
    if (seconds === this.#seconds) return false;
    this.#seconds = seconds;
    this.#overlay = this.#draw(clockText(seconds));
    return true;
  }

  draw(canvas: Planes, clip: PixelRect, opacity: number): void {
    if (this.#overlay !== undefined) blend(canvas, this.#overlay, this.area, clip, opacity);
  }

  #draw(text: string): Overlay {
    const { width, height } = this.area;
    const hasTitle = this.#title !== '';
    const size = height * (hasTitle ? 0.5 : 0.66);
    return drawOverlay(this.area, (drawing) => {
      drawing.fillStyle = colours.panel;
      drawing.beginPath();
      drawing.roundRect(0, 0, width, height, height / 8);
      drawing.fill();
      drawing.textBaseline = 'middle';
      drawing.fillStyle = colours.text;
      setFont(drawing, text, 700, size);
      // Digits of different width would make the whole line tremble: it begins where zeros would.
      const context = measure();
      setFont(context, text, 700, size);
      const start = (width - context.measureText(text.replace(/\d/g, '0')).width) / 2;
      drawing.fillText(text, start, height * (hasTitle ? 0.64 : 0.52));
      if (!hasTitle) return;
      drawing.textAlign = 'center';
      drawing.fillStyle = colours.quiet;
      setFont(drawing, this.#title, 600, size * 0.36);
      drawing.fillText(ellipsis(drawing, this.#title, width * 0.9), width / 2, height * 0.22);
    });
  }
}

/** `9:05`, `1:00:00`. */
export function clockText(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}
