import type { Scene } from '../protocol/control.ts';
import type { Assets } from './assets.ts';
import { drawPlanes } from './drawing.ts';
import { allocPlanes, fill, type Planes } from './planes.ts';
import type { Look } from './style.ts';
import { restore } from './surface.ts';
import { drawCovering, drawSlate } from './text/slate.ts';

/**
 * What lies behind the tiles: a colour, a picture, or, while there are no tiles, the slate. Kept as
 * a whole picture, so that any part of the canvas can be put back.
 */
export class Plate {
  readonly planes: Planes;
  readonly #assets: Pick<Assets, 'get'>;
  #key = '';
  #images: (string | null | undefined)[] = [];

  constructor(canvas: Planes, assets: Pick<Assets, 'get'>) {
    this.planes = allocPlanes(canvas);
    this.#assets = assets;
  }

  /** Draws it if it is another one than before. */
  show({ tiles, slate }: Scene, look: Look): void {
    const isSlate = tiles.length === 0;
    const image = isSlate ? slate.image : look.backgroundImage;
    const key = JSON.stringify(isSlate ? [slate] : [look.background, image]);
    if (key === this.#key) return;
    this.#key = key;
    this.#images = [image];
    const whole = { x: 0, y: 0, width: this.planes.width, height: this.planes.height };
    if (isSlate) {
      restore(this.planes, drawSlate(slate.title, slate.text, whole, this.#assets.get(image)), whole);
      return;
    }
    const picture = this.#assets.get(image);
    if (picture === null) fill(this.planes, whole, look.background);
    else
      restore(
        this.planes,
        drawPlanes(whole, (drawing) => drawCovering(drawing, picture, whole)),
        whole,
      );
  }

  /** An image has come, changed or gone. @returns whether the plate has to be shown anew */
  imageChanged(asset: string): boolean {
    if (!this.#images.includes(asset)) return false;
    this.#key = '';
    return true;
  }
}
