import type { SceneTile } from '../protocol/control.ts';
import { intersection } from './area.ts';
import { type PixelRect, type Size, toPixels } from './fit.ts';
import { hidden, Motion, samePose, shown } from './motion.ts';
import type { Look } from './style.ts';
import { Tile } from './tile.ts';

interface Part {
  key: string;
  tile: Tile;
  motion: Motion | undefined;
  leaving: boolean;
}

/**
 * The tiles of a canvas on their way from scene to scene: who stays moves, who comes fades in, who goes
 * fades out with the last picture. A source that is in a scene twice has two tiles.
 */
export class Troupe {
  readonly #canvas: Size;
  #parts: Part[] = [];
  /** Tiles of the scene, in its order. */
  present: readonly Tile[] = [];
  /** All that is to be drawn, from behind to front. */
  drawn: readonly Tile[] = [];

  constructor(canvas: Size) {
    this.#canvas = canvas;
  }

  set(specs: SceneTile[], look: Look, nowUs: number, durationUs: number): void {
    const before = new Map(this.#parts.map((part) => [part.key, part]));
    const keys = new Map<string, number>();
    const parts = specs.map((spec) => {
      const source = `${spec.participant}/${spec.kind}`;
      const count = keys.get(source) ?? 0;
      keys.set(source, count + 1);
      const key = `${source} ${count}`;
      const home = toPixels(spec, this.#canvas);
      const part = before.get(key);
      before.delete(key);
      return part === undefined ? this.#join(key, spec, home, look) : this.#stay(part, spec, home, look);
    });
    const leaving = [...before.values()].map((part) => {
      part.leaving = true;
      return part;
    });
    for (const part of [...leaving, ...parts]) send(part, nowUs, durationUs);
    this.#parts = [...leaving, ...parts];
    this.present = parts.map(({ tile }) => tile);
    this.#order();
  }

  /** @returns whether anything moved, came or went, so that all is to be drawn */
  advance(nowUs: number): boolean {
    let moved = false;
    for (const part of this.#parts) {
      if (part.motion === undefined) continue;
      moved = true;
      part.tile.pose = part.motion.at(nowUs);
      if (part.motion.over(nowUs)) part.motion = undefined;
    }
    if (moved) this.#settle();
    return moved;
  }

  close(): void {
    for (const { tile } of this.#parts) tile.close();
    this.#parts = [];
    this.present = [];
    this.drawn = [];
  }

  #join(key: string, spec: SceneTile, home: PixelRect, look: Look): Part {
    const tile = new Tile(spec, home, look, this.#canvas, hidden(home));
    return { key, tile, motion: undefined, leaving: false };
  }

  #stay(part: Part, spec: SceneTile, home: PixelRect, look: Look): Part {
    part.tile.become(spec, home, look);
    part.leaving = false;
    return part;
  }

  /** Lets go of who has faded out, and finds out who stands alone. */
  #settle(): void {
    const gone = this.#parts.filter(({ leaving, motion }) => leaving && motion === undefined);
    for (const { tile } of gone) tile.close();
    if (gone.length > 0) this.#parts = this.#parts.filter((part) => !gone.includes(part));
    this.#order();
  }

  #order(): void {
    const z = (tile: Tile) => tile.spec.z ?? 0;
    this.drawn = this.#parts.map(({ tile }) => tile).sort((a, b) => z(a) - z(b));
    const still = this.#parts.every(({ motion }) => motion === undefined);
    for (const tile of this.drawn)
      tile.alone = still && !this.drawn.some((other) => other !== tile && meet(tile, other));
  }
}

/** Who is on the way there already goes on: scenes that follow each other fast would hold everybody back. */
function send(part: Part, nowUs: number, durationUs: number): void {
  const { tile, motion } = part;
  const to = part.leaving ? hidden(tile.pose.rect) : shown(tile.home);
  if (motion && samePose(motion.to, to) && motion.over(nowUs + durationUs)) return;
  part.motion = samePose(tile.pose, to) ? undefined : new Motion(tile.pose, to, nowUs, durationUs);
}

const meet = (a: Tile, b: Tile) => intersection(a.pose.rect, b.pose.rect) !== undefined;
