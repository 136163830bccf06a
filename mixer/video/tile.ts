import type { Frame } from 'node-av/lib';
import type { Rect, SceneTile } from '../protocol/control.ts';
import { captionMargin, drawAvatar, drawCaption } from './drawing.ts';
import { type PixelRect, place, type Size, toPixels } from './fit.ts';
import { blend, type Overlay } from './overlay.ts';
import { copyInto, dim, fill, type Planes } from './planes.ts';
import { Scaler } from './scaler.ts';

const BLACK = { y: 16, u: 128, v: 128 };

/** What is drawn where there is no picture. */
const notes = { live: '', off: '', poor: '', reconnecting: 'Reconnecting…' } as const;

/** One tile on the canvas: draws a picture, dimmed where the connection is poor, or an avatar. */
export class Tile {
  readonly spec: SceneTile;
  readonly #rect: PixelRect;
  readonly #canvas: Planes;
  readonly #caption: Overlay | null;
  readonly #captionRect: PixelRect | null;
  readonly #scaler = new Scaler();
  #isAvatar = false;
  /** Where the source's whole picture lies now; null while none is drawn. */
  picture: Rect | null = null;

  constructor(spec: SceneTile, canvas: Planes) {
    this.spec = spec;
    this.#canvas = canvas;
    this.#rect = toPixels(spec, canvas);
    this.#caption = drawCaption(spec.name, this.#rect);
    this.#captionRect = this.#caption && captionPlace(this.#rect, this.#caption.planes);
  }

  drawPicture(frame: Frame): void {
    const { crop, target, picture } = place(this.spec.fit, this.#rect, frame, this.#canvas);
    if (!this.#scaler.open(frame, crop, target)) {
      if (!this.#isAvatar) this.drawAvatar();
      return;
    }
    if (target.width < this.#rect.width || target.height < this.#rect.height) {
      if (!sameRect(picture, this.picture)) fill(this.#canvas, this.#rect, BLACK);
      // The picture may leave the caption's place bare: it must not be blended over itself.
      else if (this.#captionRect !== null) fill(this.#canvas, this.#captionRect, BLACK);
    }
    this.#scaler.draw(frame, crop, this.#canvas, target);
    if (this.spec.state === 'poor') dim(this.#canvas, target);
    this.picture = picture;
    this.#isAvatar = false;
    this.#drawCaption();
  }

  drawAvatar(): void {
    this.picture = null;
    this.#isAvatar = true;
    copyInto(
      this.#canvas,
      this.#rect.x,
      this.#rect.y,
      drawAvatar(this.spec.name, this.#rect, notes[this.spec.state]),
    );
    this.#drawCaption();
  }

  close(): void {
    this.#scaler.close();
  }

  #drawCaption(): void {
    if (this.#caption === null || this.#captionRect === null) return;
    blend(this.#canvas, this.#caption, this.#captionRect.x, this.#captionRect.y);
  }
}

/** In the lower left corner. */
function captionPlace(tile: PixelRect, { width, height }: Size): PixelRect {
  const margin = captionMargin(tile);
  const y = tile.y + tile.height - margin - height;
  return { x: tile.x + margin, y: y - (y % 2), width, height };
}

function sameRect(a: Rect, b: Rect | null): boolean {
  return b !== null && a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h;
}
