/** Who stands behind a join token, for WHIP and WHEP: the first checks of every such request. */

import { bearerToken } from '../access/bearer.ts';
import type { Tokens } from '../access/tokens.ts';
import { RostrumError } from '../errors.ts';
import type { Identity, LiveRoom, LiveRooms } from '../live/contract.ts';
import type { RouteContext } from './route.ts';

export interface Joiner {
  who: Identity;
  room: LiveRoom;
}

/**
 * In the order of the contract: the token (revoked ones too), the room, then whether the two belong
 * together.
 * @throws RostrumError unauthorized | no-such-room | forbidden
 */
export async function joinerOf(ctx: RouteContext, rooms: LiveRooms, tokens: Tokens): Promise<Joiner> {
  const token = bearerToken(ctx.req.headers.authorization);
  if (token === null)
    throw new RostrumError('unauthorized', 'send the join token as Authorization: Bearer <token>');
  const who = await tokens.verify(token);
  roomOrNull(rooms, who.room)?.admit(who);
  const room = rooms.get(ctx.params.room!);
  if (room.id !== who.room)
    throw new RostrumError('forbidden', 'the join token is for another room; each room has its own');
  return { who: { ...who, role: currentRole(room, who) }, room };
}

/** A host may have changed somebody's role since their token was made. */
export function currentRole(room: LiveRoom, who: Identity): Identity['role'] {
  return room.participants().find((one) => one.id === who.participant)?.role ?? who.role;
}

function roomOrNull(rooms: LiveRooms, id: string): LiveRoom | null {
  return rooms.list().find((room) => room.id === id) ?? null;
}
