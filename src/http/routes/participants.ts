/** `/api/rooms/:room/participants`: who is there, and what they may do and be heard of. */

import type { HttpParts } from '../parts.ts';
import { jsonRoute, type Route, readRoute } from '../route.ts';
import * as schemas from '../schemas.ts';

export function participantRoutes({ rooms }: HttpParts): Route[] {
  const list = readRoute({
    path: '/api/rooms/:room/participants',
    access: 'api-key',
    summary: 'Everyone in a room',
    answer: schemas.participants,
    errors: ['no-such-room'],
    read: (ctx) => ({ participants: rooms.get(ctx.params.room!).participants() }),
  });

  const change = jsonRoute({
    method: 'patch',
    path: '/api/rooms/:room/participants/:participant',
    access: 'api-key',
    summary: 'Changes role, sound, picture, place on stage or volume',
    body: schemas.participantPatch,
    status: 200,
    answer: schemas.participant,
    errors: ['no-such-room', 'no-such-participant'],
    handle: ({ params, body }) => rooms.get(params.room!).patchParticipant(params.participant!, body),
  });

  const remove: Route = {
    method: 'delete',
    path: '/api/rooms/:room/participants/:participant',
    access: 'api-key',
    summary: 'Removes somebody; their token stops working',
    answers: { 204: { description: 'Removed' } },
    errors: ['no-such-room', 'no-such-participant'],
    async handle(ctx) {
      await rooms.get(ctx.params.room!).removeParticipant(ctx.params.participant!);
      ctx.status = 204;
    },
  };

  return [list, change, remove];
}
