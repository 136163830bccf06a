import type { RoomView } from '../../../src/live/contract.ts';

/** How a room is watched: as one program, or with a pair of sections for each speaker. */
export interface WatchNeeds {
  readonly mode: 'mcu' | 'sfu';
  /** Sections of each medium. */
  readonly pairs: number;
}

/** Some to spare, so that not everybody who comes on stage makes a new connection necessary. */
const STEPS = [4, 9, 16] as const;

/** @param participant who watches and needs no section for themselves */
export function needsOf(room: RoomView, participant: string): WatchNeeds {
  if (room.mode === 'mcu') return { mode: 'mcu', pairs: 1 };
  const isSent = (tile: { participant: string; kind: string }) =>
    tile.participant !== participant && tile.kind !== 'media';
  const others = room.layout.tiles.filter(isSent).length;
  return { mode: 'sfu', pairs: STEPS.find((step) => step >= others) ?? STEPS.at(-1)! };
}

/** Whether a connection made for other needs will do. */
export function satisfies(has: WatchNeeds, needs: WatchNeeds): boolean {
  return has.mode === needs.mode && has.pairs >= needs.pairs;
}
