import type { PixelRect } from '../fit.ts';
import { blend, type Overlay } from '../overlay.ts';
import type { Planes } from '../planes.ts';
import type { Graphic } from './graphic.ts';

/** A drawing that stays as it is. */
export class Still implements Graphic {
  readonly opaque = false;
  readonly area: PixelRect;
  readonly #overlay: Overlay;

  /** @param at even */
  constructor(overlay: Overlay, at: { x: number; y: number }) {
    this.#overlay = overlay;
    this.area = { x: at.x, y: at.y, width: overlay.planes.width, height: overlay.planes.height };
  }

  advance(): boolean {
    return false;
  }

  draw(canvas: Planes, clip: PixelRect, opacity: number): void {
    blend(canvas, this.#overlay, this.area, clip, opacity);
  }
}
