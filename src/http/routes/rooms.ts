/** `/api/rooms`: making, seeing, changing and ending rooms, and the tokens that let people in. */

import { joinLink } from '../../access/links.ts';
import { RostrumError } from '../../errors.ts';
import { builtInLayouts } from '../../schemas/layout.ts';
import type { HttpParts } from '../parts.ts';
import { jsonRoute, type Route, readRoute } from '../route.ts';
import * as schemas from '../schemas.ts';

export function roomRoutes({ rooms, tokens, baseOf, tokenTtlS, isDraining }: HttpParts): Route[] {
  const create = jsonRoute({
    method: 'post',
    path: '/api/rooms',
    access: 'api-key',
    summary: 'Makes a room',
    body: schemas.roomSpec,
    status: 201,
    answer: schemas.room,
    errors: ['room-exists', 'full', 'shutting-down'],
    handle({ ctx, body }) {
      if (isDraining())
        throw new RostrumError('shutting-down', 'the server stops and makes no rooms; try again', 5);
      const room = rooms.create(body);
      ctx.set('Location', `/api/rooms/${encodeURIComponent(room.id)}`);
      return room.view();
    },
  });

  const list = readRoute({
    path: '/api/rooms',
    access: 'api-key',
    summary: 'All rooms',
    answer: schemas.rooms,
    errors: [],
    read: () => ({ rooms: rooms.list().map((room) => room.view()) }),
  });

  const layouts = readRoute({
    path: '/api/layouts',
    access: 'api-key',
    summary: 'The built-in layouts, as documents to begin with',
    answer: schemas.layouts,
    errors: [],
    read: () => ({ layouts: builtInLayouts() }),
  });

  const get = readRoute({
    path: '/api/rooms/:room',
    access: 'api-key',
    summary: 'One room',
    answer: schemas.room,
    errors: ['no-such-room'],
    read: (ctx) => rooms.get(ctx.params.room!).view(),
  });

  const change = jsonRoute({
    method: 'patch',
    path: '/api/rooms/:room',
    access: 'api-key',
    summary:
      'Changes title, layout, spotlight, slate, sound, mode or what those on stage see, or opens the room',
    body: schemas.roomPatch,
    status: 200,
    answer: schemas.room,
    errors: ['no-such-room'],
    handle: ({ params, body }) => rooms.get(params.room!).patch(body),
  });

  const remove: Route = {
    method: 'delete',
    path: '/api/rooms/:room',
    access: 'api-key',
    summary: 'Ends a room; everyone in it is told',
    answers: { 204: { description: 'Ended' } },
    errors: ['no-such-room'],
    async handle(ctx) {
      await rooms.delete(ctx.params.room!);
      ctx.status = 204;
    },
  };

  const token = jsonRoute({
    method: 'post',
    path: '/api/rooms/:room/tokens',
    access: 'api-key',
    summary: 'Makes a join token and the link that carries it in its fragment',
    body: schemas.tokenRequest,
    status: 201,
    answer: schemas.tokenAnswer,
    errors: ['no-such-room'],
    async handle({ ctx, params, body }) {
      const room = rooms.get(params.room!).id;
      const token = await tokens.issue({
        room,
        role: body.role,
        name: body.name,
        ttlS: body.ttl ?? tokenTtlS,
      });
      return { token, url: joinLink(baseOf(ctx.req), room, token) };
    },
  });

  return [create, list, layouts, get, change, remove, token];
}
