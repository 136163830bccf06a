import type { PlacedTile, Scene, SceneTile } from '../protocol/control.ts';
import { contains, intersection } from './area.ts';
import type { Assets } from './assets.ts';
import { Elements } from './elements/elements.ts';
import type { Moment } from './elements/graphic.ts';
import { Still } from './elements/still.ts';
import { type PixelRect, toPixels } from './fit.ts';
import { sameRect } from './motion.ts';
import { OPAQUE } from './opacity.ts';
import type { Planes } from './planes.ts';
import { Plate } from './plate.ts';
import { sceneText } from './sceneText.ts';
import type { SourcePictures } from './sourcePictures.ts';
import { lookOf } from './style.ts';
import { restore } from './surface.ts';
import type { Fonts } from './text/fontThread.ts';
import { drawOverflow } from './text/signs.ts';
import type { Tile } from './tile.ts';
import { Troupe } from './troupe.ts';

export const sourceKey = (source: { participant: string; kind: string }) =>
  `${source.participant}/${source.kind}`;

const EMPTY: Scene = { tiles: [], slate: { title: '', text: '' } };
const NO_ASSETS: Pick<Assets, 'get'> = { get: () => null };

const ALL_FONTS: Fonts = { ready: () => true };

/** A scene whose letters cannot be drawn yet waits so long, at most. */
const FONTS_WAIT_US = 500_000;

/** Longest time a change may take. */
const MAX_TRANSITION_MS = 2000;

/**
 * One program's picture, on a canvas that keeps what was drawn: plate ▶ tiles ▶ elements.
 *  - A tick draws only where something is new: the place of a tile with another picture, the strip of a
 *    ticker. While tiles move, that is everything.
 *  - A part is always drawn from the plate up, so that nothing is ever blended twice. A tile that no other
 *    one touches takes the short way: its picture, then what its corners uncover.
 *  - Nothing here waits for anything.
 */
export class Compositor {
  readonly canvas: Planes;
  readonly #fonts: Fonts;
  readonly #plate: Plate;
  readonly #tiles: Troupe;
  readonly #elements: Elements;
  readonly #whole: PixelRect;
  #scene: Scene = EMPTY;
  #overflow: Still | undefined;
  /** A scene that has not been laid out yet. */
  #next: { scene: Scene; text: string; sinceUs: number | undefined } | undefined;
  #stale = true;
  #lastPlaced = '[]';
  /** How many have been laid out. */
  scenes = 0;
  /** When the pictures came that the last tick drew for the first time. */
  readonly arrivals: number[] = [];

  constructor(canvas: Planes, assets: Pick<Assets, 'get'> = NO_ASSETS, fonts: Fonts = ALL_FONTS) {
    this.#fonts = fonts;
    this.canvas = canvas;
    this.#whole = { x: 0, y: 0, width: canvas.width, height: canvas.height };
    this.#plate = new Plate(canvas, assets);
    this.#tiles = new Troupe(canvas);
    this.#elements = new Elements(canvas, assets);
  }

  setScene(scene: Scene): void {
    this.#next = { scene, text: sceneText(scene), sinceUs: undefined };
  }

  /** An image has come, changed or gone. */
  imageChanged(asset: string): void {
    if (this.#plate.imageChanged(asset)) this.#stale = true;
    this.#elements.imageChanged(asset);
  }

  /**
   * Brings the canvas up to `moment`.
   * @param speaks whether a source is heard now
   * @returns whether something on it changed
   */
  tick(
    moment: Moment,
    pictures: Pick<SourcePictures, 'get'>,
    speaks: (source: SceneTile) => boolean = () => false,
  ): boolean {
    this.arrivals.length = 0;
    this.#takeScene(moment.nowUs);
    const moving = this.#tiles.advance(moment.nowUs);
    const changed: Tile[] = [];
    for (const tile of this.#tiles.present) {
      const before = tile.body;
      const isNew = this.#refresh(tile, pictures, speaks);
      if (!isNew) continue;
      changed.push(tile);
      // A picture of another shape leaves a part of its place bare.
      if (!sameRect(before, tile.body)) this.#stale = true;
    }
    const damaged = this.#elements.advance(moment);
    if (this.#stale || moving) {
      this.#stale = false;
      this.#plate.show(this.#scene, lookOf(this.#scene.style, this.canvas.height));
      this.#draw(this.#whole);
      return true;
    }
    return this.#drawChanges(changed, damaged);
  }

  /** Tiles as they stand, once after each change; null while nothing changed. */
  takePlaced(): PlacedTile[] | null {
    const placed = this.#tiles.present.map(({ spec, picture }) => ({
      participant: spec.participant,
      kind: spec.kind,
      picture,
    }));
    const text = JSON.stringify(placed);
    if (text === this.#lastPlaced) return null;
    this.#lastPlaced = text;
    return placed;
  }

  close(): void {
    this.#tiles.close();
  }

  #refresh(
    tile: Tile,
    pictures: Pick<SourcePictures, 'get'>,
    speaks: (source: SceneTile) => boolean,
  ): boolean {
    const picture = pictures.get(sourceKey(tile.spec));
    const speaking = tile.look.speakingColour !== null && speaks(tile.spec);
    const looksDifferent = tile.refresh(picture) || speaking !== tile.speaking;
    tile.speaking = speaking;
    if (tile.isNew) this.arrivals.push(picture!.arrivalUs);
    return looksDifferent;
  }

  /** The next scene, once its letters can be drawn: what stands goes on until then. */
  #takeScene(nowUs: number): void {
    const next = this.#next;
    if (next === undefined) return;
    next.sinceUs ??= nowUs;
    if (nowUs - next.sinceUs < FONTS_WAIT_US && !this.#fonts.ready(next.text)) return;
    this.#next = undefined;
    this.#layOut(next.scene, nowUs);
  }

  #layOut(scene: Scene, nowUs: number): void {
    this.scenes++;
    this.#scene = scene;
    const durationUs = 1000 * Math.min(MAX_TRANSITION_MS, Math.max(0, scene.transitionMs ?? 0));
    this.#tiles.set(scene.tiles, lookOf(scene.style, this.canvas.height), nowUs, durationUs);
    this.#elements.set(scene.elements ?? [], nowUs, durationUs);
    const { overflow } = scene;
    this.#overflow = undefined;
    if (overflow && overflow.count > 0) {
      const area = toPixels(overflow, this.canvas);
      this.#overflow = new Still(drawOverflow(overflow.count, area), area);
    }
    this.#stale = true;
  }

  /** @returns whether any of it can be seen */
  #drawChanges(tiles: Tile[], areas: PixelRect[]): boolean {
    const drawn: PixelRect[] = [];
    const draw = (area: PixelRect) => {
      if (drawn.some((other) => contains(other, area))) return;
      drawn.push(area);
      this.#draw(area);
    };
    let seen = areas.length > 0;
    for (const tile of tiles) {
      if (this.#elements.hides(tile.body)) continue;
      seen = true;
      if (tile.alone) this.#drawAlone(tile);
      else draw(tile.body);
    }
    for (const area of areas) draw(area);
    return seen;
  }

  #drawAlone(tile: Tile): void {
    tile.drawAlone(this.canvas, this.#plate.planes);
    this.#drawAbove(tile.body);
  }

  /** All that is to be seen in `area`, from the plate up. */
  #draw(wanted: PixelRect): void {
    const area = intersection(wanted, this.#whole);
    if (area === undefined) return;
    if (!this.#elements.hides(area)) {
      restore(this.canvas, this.#plate.planes, area);
      for (const tile of this.#tiles.drawn)
        if (intersection(tile.body, area) !== undefined) tile.draw(this.canvas, area);
    }
    this.#drawAbove(area);
  }

  #drawAbove(area: PixelRect): void {
    this.#overflow?.draw(this.canvas, area, OPAQUE);
    this.#elements.draw(this.canvas, area);
  }
}
