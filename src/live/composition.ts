import type { PlacedTile, Rect, Scene, SceneTile, SourceKind } from '../../mixer/protocol/control.ts';
import { solve } from '../rooms/layout/solve.ts';
import type { Canvas } from '../rooms/layout/types.ts';
import type { Occupant } from '../rooms/room.ts';
import type { TileView } from './contract.ts';

const keyOf = (tile: { participant: string; kind: SourceKind }): string => `${tile.kind} ${tile.participant}`;

/** From who is on stage to what is drawn, and back from what was drawn to what is said about it. */
export class Composition {
  readonly #canvas: Canvas;
  #tiles: SceneTile[] = [];
  #pictures = new Map<string, Rect | null>();

  constructor(canvas: Canvas) {
    this.#canvas = canvas;
  }

  compose(layout: string, occupants: Occupant[], slate: Scene['slate']): Scene {
    this.#tiles = solve(layout, occupants, this.#canvas).map(({ person, fit, x, y, w, h }) => ({
      ...{ participant: person.participant, kind: person.kind, name: person.name, state: person.state },
      ...{ fit, x, y, w, h },
    }));
    return { tiles: this.#tiles, slate };
  }

  /** The mixer says where the pictures stand. */
  placed(tiles: PlacedTile[]): void {
    this.#pictures = new Map(tiles.map((tile) => [keyOf(tile), tile.picture]));
  }

  /** Nothing is drawn for now. */
  forget(): void {
    this.#pictures.clear();
  }

  /** @param mixed whether what a tile shows is what the mixer has drawn */
  views(mixed: boolean): TileView[] {
    return this.#tiles.map(({ participant, kind, state, x, y, w, h }) => {
      const picture = this.#pictures.get(keyOf({ participant, kind })) ?? null;
      const drawn = state === 'live' || state === 'poor';
      // Packets came but no picture was made of them yet: the avatar stands there.
      const shown = mixed && drawn && picture === null ? 'reconnecting' : state;
      return { participant, kind, x, y, w, h, picture: drawn ? picture : null, state: shown };
    });
  }
}
