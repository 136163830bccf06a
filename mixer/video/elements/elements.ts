import type { SceneElement } from '../../protocol/control.ts';
import { contains } from '../area.ts';
import type { Assets } from '../assets.ts';
import type { PixelRect, Size } from '../fit.ts';
import { OPAQUE } from '../opacity.ts';
import type { Planes } from '../planes.ts';
import { Fade } from './fade.ts';
import type { Graphic, Moment } from './graphic.ts';
import { depthOf, graphicOf, imageOf } from './make.ts';

interface Entry {
  element: SceneElement;
  /** All that decides how it looks: another key is another entry, and one fades into the other. */
  key: string;
  /** Null while there is nothing to see, such as an image that is not there yet. */
  graphic: Graphic | null;
  fade: Fade;
}

/** The on-air elements of one canvas: they come and go by fading, and stand above all tiles. */
export class Elements {
  readonly #canvas: Size;
  readonly #assets: Pick<Assets, 'get'>;
  #entries: Entry[] = [];
  /** Parts of the canvas where something stood. */
  #left: PixelRect[] = [];

  constructor(canvas: Size, assets: Pick<Assets, 'get'>) {
    this.#canvas = canvas;
    this.#assets = assets;
  }

  set(elements: SceneElement[], nowUs: number, fadeUs: number): void {
    const wanted = new Map(elements.map((element) => [JSON.stringify(element), element]));
    for (const { key, fade } of this.#entries) fade.to(wanted.delete(key) ? OPAQUE : 0, nowUs, fadeUs);
    for (const [key, element] of wanted) {
      const fade = new Fade();
      fade.to(OPAQUE, nowUs, fadeUs);
      this.#entries.push({ element, key, graphic: this.#graphicOf(element), fade });
    }
    this.#entries.sort((a, b) => depthOf(a.element) - depthOf(b.element));
  }

  /** An image has come, changed or gone: what shows it is made anew. */
  imageChanged(asset: string): void {
    for (const entry of this.#entries) {
      if (imageOf(entry.element) !== asset) continue;
      if (entry.graphic !== null) this.#left.push(entry.graphic.area);
      entry.graphic = this.#graphicOf(entry.element);
      if (entry.graphic !== null) this.#left.push(entry.graphic.area);
    }
  }

  /** Brings all up to `moment`. @returns the parts of the canvas to be drawn anew */
  advance(moment: Moment): PixelRect[] {
    const damaged = this.#left;
    this.#left = [];
    for (const { graphic, fade } of this.#entries) {
      const moved = graphic?.advance(moment) ?? false;
      const faded = fade.advance(moment.nowUs);
      if (graphic !== null && (moved || faded)) damaged.push(graphic.area);
    }
    this.#entries = this.#entries.filter(({ fade }) => !fade.gone);
    return damaged;
  }

  /** Whether one of them hides all of `rect`. */
  hides(rect: PixelRect): boolean {
    return this.#entries.some(
      ({ graphic, fade }) => graphic?.opaque && fade.value >= OPAQUE && contains(graphic.area, rect),
    );
  }

  draw(canvas: Planes, clip: PixelRect): void {
    for (const { graphic, fade } of this.#entries) graphic?.draw(canvas, clip, fade.value);
  }

  #graphicOf(element: SceneElement): Graphic | null {
    return graphicOf(element, this.#canvas, this.#assets);
  }
}
