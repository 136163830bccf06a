import type { Frame } from 'node-av/lib';
import type { PlacedTile, Scene, SceneTile } from '../protocol/control.ts';
import { drawSlate } from './drawing.ts';
import { giveFrame } from './framePool.ts';
import { copyInto, fill, type Planes } from './planes.ts';
import { Tile } from './tile.ts';
import type { VideoTrack } from './videoTrack.ts';

const BACKGROUND = { y: 27, u: 130, v: 127 };

/** A picture older than this, of a stream that cannot be decoded, gives way to the avatar. */
const BROKEN_UNTIL_AVATAR_US = 1_000_000;

export const sourceKey = (source: { participant: string; kind: string }) =>
  `${source.participant}/${source.kind}`;

/**
 * The program's picture. It keeps a canvas on which every tile stands as last drawn, and at each tick
 * redraws only tiles whose source has a new picture due. Nothing here waits for anything.
 */
export class Compositor {
  readonly canvas: Planes;
  #scene: Scene = { tiles: [], slate: { title: '', text: '' } };
  #tiles: Tile[] = [];
  /** Each source's newest picture, kept while the source lives: a new scene can show it at once. */
  #pictures = new Map<string, Frame>();
  #stale = true;
  #lastPlaced = '[]';

  constructor(canvas: Planes) {
    this.canvas = canvas;
  }

  setScene(scene: Scene): void {
    this.#scene = scene;
    this.#stale = true;
  }

  /** Forgets a source that has ended. */
  drop(key: string): void {
    this.#giveBack(key);
    this.#pictures.delete(key);
    this.#stale = true;
  }

  /** Brings the canvas up to `nowUs`. True when something on it changed. */
  tick(nowUs: number, tracks: ReadonlyMap<string, VideoTrack>, aheadUs = 0): boolean {
    let changed = this.#stale;
    if (this.#stale) this.#layOut();
    for (const tile of this.#tiles) {
      const key = sourceKey(tile.spec);
      const track = tracks.get(key);
      const next = track?.due(nowUs, aheadUs) ?? null;
      if (next !== null) this.#keep(key, next.frame);
      if (next === null && !this.#stale && !this.#overdue(tile, track, nowUs)) continue;
      this.#draw(tile, key, track, nowUs, next !== null);
      changed = true;
    }
    this.#stale = false;
    return changed;
  }

  /** Tiles as they stand, once after each change; null while nothing changed. */
  takePlaced(): PlacedTile[] | null {
    const placed = this.#tiles.map(({ spec, picture }) => ({
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
    for (const tile of this.#tiles) tile.close();
    for (const frame of this.#pictures.values()) giveFrame(frame);
    this.#tiles = [];
    this.#pictures.clear();
  }

  #keep(key: string, frame: Frame): void {
    this.#giveBack(key);
    this.#pictures.set(key, frame);
  }

  #giveBack(key: string): void {
    const frame = this.#pictures.get(key);
    if (frame !== undefined) giveFrame(frame);
  }

  #draw(tile: Tile, key: string, track: VideoTrack | undefined, nowUs: number, isNew: boolean): void {
    const frame = this.#pictures.get(key);
    const { state } = tile.spec;
    const shows = state === 'live' || state === 'poor';
    if (!shows || frame === undefined || isBroken(track, nowUs)) {
      if (tile.picture !== null || this.#stale) tile.drawAvatar();
    } else if (isNew || this.#stale) {
      tile.drawPicture(frame);
    }
  }

  #overdue(tile: Tile, track: VideoTrack | undefined, nowUs: number): boolean {
    return tile.picture !== null && isBroken(track, nowUs);
  }

  #layOut(): void {
    for (const tile of this.#tiles) tile.close();
    const { tiles, slate } = this.#scene;
    this.#tiles = tiles.map((spec: SceneTile) => new Tile(spec, this.canvas));
    if (tiles.length === 0) copyInto(this.canvas, 0, 0, drawSlate(slate.title, slate.text, this.canvas));
    else fill(this.canvas, { x: 0, y: 0, width: this.canvas.width, height: this.canvas.height }, BACKGROUND);
  }
}

function isBroken(track: VideoTrack | undefined, nowUs: number): boolean {
  return track?.brokenSinceUs !== undefined && nowUs - track.brokenSinceUs > BROKEN_UNTIL_AVATAR_US;
}
