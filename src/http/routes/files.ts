/** Images and media on the server: those for all rooms under `/api/media`, a room's own as its assets. */

import { RostrumError } from '../../errors.ts';
import type { Files } from '../../live/contract.ts';
import { allowLongBody } from '../bodyDeadline.ts';
import * as material from '../materialSchemas.ts';
import type { HttpParts } from '../parts.ts';
import { type Access, type Route, type RouteContext, readRoute } from '../route.ts';

export function fileRoutes(parts: HttpParts): Route[] {
  const { rooms } = parts;
  return [
    ...shelf(parts, '/api/media', {
      of: 'all rooms',
      upload: 'api-key',
      files: () => rooms.files,
    }),
    ...shelf(parts, '/api/rooms/:room/assets', {
      of: 'one room; those for all are listed, too',
      // Hosts are given links for it: their browsers have no API key.
      upload: 'file-link',
      files: (ctx) => rooms.get(ctx.params.room!).files,
    }),
  ];
}

interface Shelf {
  of: string;
  upload: Access;
  files(ctx: RouteContext): Files;
}

function shelf({ isDraining }: HttpParts, path: string, { of, upload, files }: Shelf): Route[] {
  const inRoom = path.includes(':room') ? (['no-such-room'] as const) : [];

  const list = readRoute({
    path,
    access: 'api-key',
    summary: `Images and media of ${of}`,
    answer: material.files,
    errors: [...inRoom],
    read: (ctx) => ({ files: files(ctx).list() }),
  });

  const take: Route = {
    method: 'post',
    path,
    access: upload,
    summary: `Uploads an image (png, jpeg, webp) or media (mp4, webm, mp3) for ${of}`,
    query: [{ name: 'name', description: 'What the file is to be called; its ending says what it is' }],
    body: { type: 'application/octet-stream' },
    answers: { 201: { description: 'Taken', schema: material.file } },
    errors: [
      ...inRoom,
      ...(['invalid-request', 'too-large', 'file-refused', 'file-exists', 'disk-full'] as const),
      ...(['too-slow', 'too-many-uploads', 'full', 'shutting-down'] as const),
    ],
    async handle(ctx) {
      if (isDraining())
        throw new RostrumError('shutting-down', 'the server stops; send the file again soon', 5);
      const { name } = ctx.query;
      if (typeof name !== 'string') throw new RostrumError('invalid-request', 'name: say it once, as ?name=');
      allowLongBody(ctx);
      ctx.body = await files(ctx).take(name, ctx.req);
      ctx.status = 201;
    },
  };

  const remove: Route = {
    method: 'delete',
    path: `${path}/:name`,
    access: 'api-key',
    summary: `Removes a file of ${of.split(';')[0]}; what is shown or played goes on to be`,
    answers: { 204: { description: 'Removed' } },
    errors: [...inRoom, 'invalid-request', 'no-such-file'],
    async handle(ctx) {
      await files(ctx).remove(ctx.params.name!);
      ctx.status = 204;
    },
  };

  return [list, take, remove];
}
