import type { PixelRect } from '../fit.ts';
import type { Planes } from '../planes.ts';
import { mix, type Surface, surfaceOf } from '../surface.ts';
import type { Graphic } from './graphic.ts';

/** A picture over everything, which nothing shines through: a slate. */
export class Cover implements Graphic {
  readonly opaque = true;
  readonly area: PixelRect;
  readonly #surface: Surface;

  constructor(planes: Planes) {
    this.#surface = surfaceOf(planes);
    this.area = { x: 0, y: 0, width: planes.width, height: planes.height };
  }

  advance(): boolean {
    return false;
  }

  draw(canvas: Planes, clip: PixelRect, opacity: number): void {
    mix(canvas, this.#surface, this.area, clip, null, opacity);
  }
}
