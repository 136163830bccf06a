/** `/api/rooms/:room/outputs`: where a room's program goes beside its viewers. */

import type { IncomingMessage } from 'node:http';
import { RostrumError } from '../../errors.ts';
import type { OutputView } from '../../live/contract.ts';
import type { HttpParts } from '../parts.ts';
import { jsonRoute, type Route, readRoute } from '../route.ts';
import * as schemas from '../schemas.ts';

export function outputRoutes({ rooms, baseOf, isDraining }: HttpParts): Route[] {
  /** A playlist's path becomes an address that a player takes. */
  const withBase = (view: OutputView, request: IncomingMessage): OutputView =>
    view.type === 'hls' ? { ...view, url: baseOf(request) + view.url } : view;

  const begin = jsonRoute({
    method: 'post',
    path: '/api/rooms/:room/outputs',
    access: 'api-key',
    summary: 'Makes the program an HLS stream, or sends it to another service',
    body: schemas.outputSpec,
    status: 201,
    answer: schemas.output,
    errors: [
      ...(['no-such-room', 'url-refused', 'output-exists', 'too-many-outputs', 'cannot-output'] as const),
      'shutting-down',
    ],
    async handle({ ctx, params, body }) {
      if (isDraining())
        throw new RostrumError('shutting-down', 'the server stops and begins no outputs; try again', 5);
      const room = rooms.get(params.room!);
      const output = await room.outputs.begin(body);
      ctx.set('Location', `/api/rooms/${encodeURIComponent(room.id)}/outputs/${output.id}`);
      return withBase(output, ctx.req);
    },
  });

  const list = readRoute({
    path: '/api/rooms/:room/outputs',
    access: 'api-key',
    summary: "All of a room's outputs",
    answer: schemas.outputs,
    errors: ['no-such-room'],
    read(ctx) {
      const found = rooms.get(ctx.params.room!).outputs.list();
      return { outputs: found.map((view) => withBase(view, ctx.req)) };
    },
  });

  const get = readRoute({
    path: '/api/rooms/:room/outputs/:output',
    access: 'api-key',
    summary: 'One output, with its state and what went wrong last',
    answer: schemas.output,
    errors: ['no-such-room', 'no-such-output'],
    read: (ctx) => withBase(rooms.get(ctx.params.room!).outputs.get(ctx.params.output!), ctx.req),
  });

  const remove: Route = {
    method: 'delete',
    path: '/api/rooms/:room/outputs/:output',
    access: 'api-key',
    summary: 'Ends an output; a secret path is worth nothing any more',
    answers: { 204: { description: 'Ended' } },
    errors: ['no-such-room', 'no-such-output'],
    async handle(ctx) {
      await rooms.get(ctx.params.room!).outputs.end(ctx.params.output!);
      ctx.status = 204;
    },
  };

  return [begin, list, get, remove];
}
