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

/** How many fade out at a time. */
const MOST_LEAVING = 16;

/**
 * The on-air elements of one canvas: they come and go by fading, and stand above all tiles. However fast they
 * change, each id is drawn twice at most: what goes, and what comes.
 */
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
    const unwanted: Entry[] = [];
    for (const entry of this.#entries) {
      if (wanted.delete(entry.key)) entry.fade.to(OPAQUE, nowUs, fadeUs);
      else unwanted.push(entry);
    }
    for (const [key, element] of wanted) {
      const coming = unwanted.findIndex(({ element: { id }, fade }) => id === element.id && fade.rising);
      if (coming >= 0) this.#become(unwanted.splice(coming, 1)[0]!, key, element);
      else this.#come(key, element, nowUs, fadeUs);
    }
    for (const { fade } of unwanted) fade.to(0, nowUs, fadeUs);
    this.#forgetLeaving();
    this.#entries.sort((a, b) => depthOf(a.element) - depthOf(b.element));
  }

  /** An image has come, changed or gone: what shows it is made anew. */
  imageChanged(asset: string): void {
    for (const entry of this.#entries) {
      if (imageOf(entry.element) === asset) this.#become(entry, entry.key, entry.element);
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

  #come(key: string, element: SceneElement, nowUs: number, fadeUs: number): void {
    const fade = new Fade();
    fade.to(OPAQUE, nowUs, fadeUs);
    this.#entries.push({ element, key, graphic: this.#graphicOf(element), fade });
  }

  /** What has not come all the way yet goes on as the next thing, so that changes do not hold it up. */
  #become(entry: Entry, key: string, element: SceneElement): void {
    if (entry.graphic !== null) this.#left.push(entry.graphic.area);
    Object.assign(entry, { key, element, graphic: this.#graphicOf(element) });
    if (entry.graphic !== null) this.#left.push(entry.graphic.area);
  }

  /** Of those that fade out the latest of each id stays, and of these a few: the others are gone at once. */
  #forgetLeaving(): void {
    const leaving = this.#entries.filter(({ fade }) => fade.falling);
    leaving.sort((a, b) => b.fade.startUs - a.fade.startUs);
    const latest = new Map<string, Entry>();
    for (const entry of leaving) {
      const { id } = entry.element;
      if (latest.size < MOST_LEAVING && !latest.has(id)) latest.set(id, entry);
      else if (entry.graphic !== null) this.#left.push(entry.graphic.area);
    }
    const kept = new Set(latest.values());
    this.#entries = this.#entries.filter((entry) => !entry.fade.falling || kept.has(entry));
  }

  #graphicOf(element: SceneElement): Graphic | null {
    return graphicOf(element, this.#canvas, this.#assets);
  }
}
