import type { PlacedTile, Rect, Scene, SceneTile, SourceKind } from '../../mixer/protocol/control.ts';
import { solveLayout } from '../rooms/layout/solve.ts';
import type { Attention, Canvas, LayoutDocument, SolvedTile } from '../rooms/layout/types.ts';
import type { Occupant } from '../rooms/room.ts';
import { Seats } from '../rooms/seats.ts';
import type { TileView } from './contract.ts';
import type { MixerStatus } from './mixerStatus.ts';

const keyOf = (tile: { participant: string; kind: SourceKind }): string => `${tile.kind} ${tile.participant}`;

/** What a picture is made of. */
export interface Setting {
  layout: LayoutDocument;
  occupants: Occupant[];
  attention: Attention;
  /** Whether tiles move and fade; else they jump. */
  transitions: boolean;
  nowMs: number;
}

/** What follows from it for the mixer. */
export type Arrangement = Required<Pick<Scene, 'tiles' | 'style' | 'overflow' | 'transitionMs'>>;

/** From who is on stage to what is drawn, and back from what was drawn to what is said about it. */
export class Composition {
  readonly #canvas: Canvas;
  readonly #seats = new Seats();
  #solved: SolvedTile<Occupant>[] = [];
  #pictures = new Map<string, Rect | null>();
  /** How long tiles move and fade. */
  transitionMs = 0;

  constructor(canvas: Canvas) {
    this.#canvas = canvas;
  }

  /** As last arranged, in pixels too. */
  get tiles(): readonly SolvedTile<Occupant>[] {
    return this.#solved;
  }

  arrange(setting: Setting): Arrangement {
    const { layout, transitions } = setting;
    const { tiles, overflow } = this.#solve(setting);
    this.#solved = tiles;
    this.transitionMs = transitions ? layout.transitionMs : 0;
    return {
      tiles: tiles.map((tile) => sceneTile(tile, layout)),
      style: styleOf(layout),
      overflow,
      transitionMs: this.transitionMs,
    };
  }

  /** True when somebody waits for a tile who may have one now: arrange anew. */
  due(nowMs: number): boolean {
    return this.#seats.due(nowMs);
  }

  /** The mixer says where the pictures stand. */
  placed(tiles: PlacedTile[]): void {
    this.#pictures = new Map(tiles.map((tile) => [keyOf(tile), tile.picture]));
  }

  /** Whether each picture that can be had is there. */
  get isDrawn(): boolean {
    return this.#solved.every(({ person }) => person.state !== 'live' || this.#pictures.get(keyOf(person)));
  }

  /** Nothing is drawn for now. */
  forget(): void {
    this.#pictures.clear();
  }

  /** @param mixed whether what a tile shows is what the mixer has drawn */
  views(mixed: boolean, status: Pick<MixerStatus, 'avOffsetMs'>): TileView[] {
    return this.#solved.map(({ person: { participant, kind, state }, x, y, w, h }) => {
      const picture = this.#pictures.get(keyOf({ participant, kind })) ?? null;
      const drawn = state === 'live' || state === 'poor';
      // Packets came but no picture was made of them yet: the avatar stands there.
      const shown = mixed && drawn && picture === null ? 'reconnecting' : state;
      const avOffsetMs = status.avOffsetMs(participant, kind);
      return { participant, kind, x, y, w, h, picture: drawn ? picture : null, avOffsetMs, state: shown };
    });
  }

  #solve({ layout, occupants, attention, nowMs }: Setting) {
    // The spotlight and who speaks may both need a seat; who has one does not lose it again.
    for (let seats = 2; ; seats--) {
      const solved = solveLayout(layout, this.#seats.arrange(occupants), this.#canvas, attention);
      if (seats === 0 || !this.#seats.promote(solved.tiles, solved.hidden, attention, nowMs)) return solved;
    }
  }
}

function sceneTile({ person, fit, z, x, y, w, h }: SolvedTile<Occupant>, layout: LayoutDocument): SceneTile {
  const { participant, kind, name, title, micOff, state } = person;
  const nameShown = layout.names && kind !== 'media';
  return { participant, kind, name, title, nameShown, micOff, state, fit, z, x, y, w, h };
}

function styleOf(layout: LayoutDocument): Arrangement['style'] {
  const { background, image, radius, border, borderColor, speakingColor, canvas } = layout;
  const height = canvas?.height ?? 1;
  return {
    ...{ background, backgroundImage: image, borderColor, speakingColor },
    ...{ radius: radius / height, border: border / height },
  };
}
