import type { ParticipantView, RoomView, TileView } from '../../../src/live/contract.ts';
import { solve } from '../../../src/rooms/layout/solve.ts';
import type { Attention, Canvas, Fit, LayoutDocument } from '../../../src/rooms/layout/types.ts';
import { keyOf } from '../media/gallery.ts';

/** Where somebody stands in the gallery, in fractions of it. */
export interface GalleryTile {
  key: string;
  participant: string;
  kind: TileView['kind'];
  name: string;
  state: TileView['state'];
  fit: Fit;
  x: number;
  y: number;
  w: number;
  h: number;
  z: number;
}

/**
 * Lays the speakers out as the mixer would, in the room there is on this screen.
 * @param participant who watches: they see themselves elsewhere
 */
export function galleryTiles(
  { layout }: Pick<RoomView, 'layout'>,
  people: readonly Pick<ParticipantView, 'id' | 'name'>[],
  participant: string,
  canvas: Canvas,
  attention: Attention,
): GalleryTile[] {
  // A file is played by the mixer: there is nobody who could send it one by one.
  const others = layout.tiles.filter((tile) => tile.participant !== participant && tile.kind !== 'media');
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const solved = solve(layout.document as LayoutDocument, others, canvas, attention);
  return solved.map(({ person, fit, x, y, w, h, z }) => ({
    key: keyOf(person),
    ...{ participant: person.participant, kind: person.kind, state: person.state },
    name: names.get(person.participant) ?? '',
    ...{ fit, x, y, w, h, z },
  }));
}

/** Participants by when they last had the floor: it passes on when who has it is silent and another speaks. */
export function floorAfter(
  order: readonly string[],
  levels: readonly { participant: string; speaking: boolean }[],
): readonly string[] {
  const speaking = levels.filter((level) => level.speaking).map((level) => level.participant);
  const [holder] = order;
  const [next] = speaking;
  if (next === undefined || (holder !== undefined && speaking.includes(holder))) return order;
  return [next, ...order.filter((each) => each !== next)];
}
