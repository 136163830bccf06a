/** Graphics over a room's picture: lower thirds, logos, tickers, countdowns, slates, cards. */

import { z } from 'zod';
import { RostrumError } from '../../errors.ts';
import { elementBody, elementId } from '../../schemas/element.ts';
import * as material from '../materialSchemas.ts';
import type { HttpParts } from '../parts.ts';
import { jsonRoute, type Route, readRoute } from '../route.ts';

/** An id that is none is told by the part of the path. */
const inPath = z.object({ element: elementId });

export function elementRoutes({ rooms }: HttpParts): Route[] {
  const list = readRoute({
    path: '/api/rooms/:room/elements',
    access: 'api-key',
    summary: "Graphics over the room's picture",
    answer: material.elements,
    errors: ['no-such-room'],
    read: (ctx) => ({ elements: rooms.get(ctx.params.room!).elements.list() }),
  });

  const set = jsonRoute({
    method: 'put',
    path: '/api/rooms/:room/elements/:element',
    access: 'api-key',
    summary: 'Shows an element, in place of one of the same id',
    body: elementBody,
    status: 200,
    answer: material.element,
    errors: ['no-such-room', 'too-many-elements'],
    handle({ params, body }) {
      const { elements } = rooms.get(params.room!);
      const { element: id } = inPath.parse(params);
      if (body.id !== undefined && body.id !== id) {
        throw new RostrumError('invalid-request', `id: the path says ${JSON.stringify(id)}`);
      }
      return elements.set({ ...body, id });
    },
  });

  const remove: Route = {
    method: 'delete',
    path: '/api/rooms/:room/elements/:element',
    access: 'api-key',
    summary: 'Takes an element away',
    answers: { 204: { description: 'Gone' } },
    errors: ['no-such-room', 'no-such-element'],
    handle(ctx) {
      rooms.get(ctx.params.room!).elements.remove(ctx.params.element!);
      ctx.status = 204;
    },
  };

  return [list, set, remove];
}
