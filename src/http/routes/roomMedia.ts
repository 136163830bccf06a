/** Files that a room plays as sources beside cameras and screens. */

import { z } from 'zod';
import { mediaChanges, mediaSpec } from '../../schemas/room.ts';
import * as material from '../materialSchemas.ts';
import type { HttpParts } from '../parts.ts';
import { jsonRoute, type Route, readRoute } from '../route.ts';

export function roomMediaRoutes({ rooms }: HttpParts): Route[] {
  const start = jsonRoute({
    method: 'post',
    path: '/api/rooms/:room/media',
    access: 'api-key',
    summary: 'Plays a file as a tile with sound',
    body: mediaSpec,
    status: 201,
    answer: material.mediaSource,
    errors: ['no-such-room', 'no-such-file', 'file-refused', 'too-many-media'],
    handle({ ctx, params, body }) {
      const source = rooms.get(params.room!).media.start(body);
      ctx.set('Location', `/api/rooms/${params.room}/media/${source.id}`);
      return source;
    },
  });

  const list = readRoute({
    path: '/api/rooms/:room/media',
    access: 'api-key',
    summary: 'What a room plays',
    answer: material.mediaSources,
    errors: ['no-such-room'],
    read: (ctx) => ({ media: rooms.get(ctx.params.room!).media.list() }),
  });

  const change = jsonRoute({
    method: 'patch',
    path: '/api/rooms/:room/media/:media',
    access: 'api-key',
    summary: 'Plays, pauses, seeks or loops it, or changes its volume',
    body: z.strictObject(mediaChanges),
    status: 200,
    answer: material.mediaSource,
    errors: ['no-such-room', 'no-such-media'],
    handle: ({ params, body }) => rooms.get(params.room!).media.change(params.media!, body),
  });

  const remove: Route = {
    method: 'delete',
    path: '/api/rooms/:room/media/:media',
    access: 'api-key',
    summary: 'Stops playing it and takes its tile away',
    answers: { 204: { description: 'Gone' } },
    errors: ['no-such-room', 'no-such-media'],
    handle(ctx) {
      rooms.get(ctx.params.room!).media.remove(ctx.params.media!);
      ctx.status = 204;
    },
  };

  return [start, list, change, remove];
}
