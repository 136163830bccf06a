/** Recordings of a room, of all rooms, their files, and the program's picture. */

import { RostrumError } from '../../errors.ts';
import type { HttpParts } from '../parts.ts';
import { jsonRoute, type Route, readRoute } from '../route.ts';
import * as schemas from '../schemas.ts';
import { sendFile } from '../sendFile.ts';

export function recordingRoutes({ rooms, isDraining }: HttpParts): Route[] {
  const begin = jsonRoute({
    method: 'post',
    path: '/api/rooms/:room/recordings',
    access: 'api-key',
    summary: 'Records the program; answered when the first picture is in',
    body: schemas.recordingSpec,
    status: 201,
    answer: schemas.recording,
    errors: ['no-such-room', 'recording-exists', 'cannot-record', 'disk-full', 'shutting-down'],
    async handle({ ctx, params, body }) {
      if (isDraining())
        throw new RostrumError('shutting-down', 'the server stops and begins no recordings; try again', 5);
      const recording = await rooms.get(params.room!).record(body.format, body.tracks);
      ctx.set('Location', `/api/recordings/${recording.id}`);
      return recording;
    },
  });

  const ofRoom = readRoute({
    path: '/api/rooms/:room/recordings',
    access: 'api-key',
    summary: "A room's recordings, newest first, also when the room itself is gone",
    answer: schemas.recordings,
    errors: ['no-such-room'],
    read(ctx) {
      const found = rooms.recordings.list(ctx.params.room!);
      if (found.length === 0) rooms.get(ctx.params.room!);
      return { recordings: found };
    },
  });

  const get = readRoute({
    path: '/api/recordings/:id',
    access: 'api-key',
    summary: 'One recording',
    answer: schemas.recording,
    errors: ['no-such-recording'],
    read: (ctx) => rooms.recordings.get(ctx.params.id!),
  });

  const change = jsonRoute({
    method: 'patch',
    path: '/api/recordings/:id',
    access: 'api-key',
    summary: 'Pauses, resumes or finishes; finishing is answered when the file is ready',
    body: schemas.recordingPatch,
    status: 200,
    answer: schemas.recording,
    errors: ['no-such-recording', 'recording-over'],
    handle: ({ params, body }) => rooms.recordings.change(params.id!, body.state),
  });

  const mark = jsonRoute({
    method: 'post',
    path: '/api/recordings/:id/chapters',
    access: 'api-key',
    summary: 'Sets a chapter mark at this moment of a recording that runs',
    body: schemas.chapterSpec,
    status: 201,
    answer: schemas.recording,
    errors: ['no-such-recording', 'recording-over', 'full'],
    handle: async ({ params, body }) => rooms.recordings.mark(params.id!, body.title),
  });

  const remove: Route = {
    method: 'delete',
    path: '/api/recordings/:id',
    access: 'api-key',
    summary: 'Removes a recording and its files; one that runs is ended first',
    answers: { 204: { description: 'Removed' } },
    errors: ['no-such-recording'],
    async handle(ctx) {
      await rooms.recordings.remove(ctx.params.id!);
      ctx.status = 204;
    },
  };

  const file: Route = {
    method: 'get',
    path: '/api/recordings/:id/files/:name',
    access: 'file-link',
    summary: 'A file of a recording that is over; with ?download it is saved rather than shown',
    answers: {
      200: { description: 'The file', type: 'video/mp4' },
      206: { description: 'The range asked for', type: 'video/mp4' },
    },
    errors: ['no-such-recording', 'not-found', 'range-refused'],
    async handle(ctx) {
      const { path, file } = rooms.recordings.file(ctx.params.id!, ctx.params.name!);
      await sendFile(ctx, { path, ...file });
    },
  };

  const snapshot: Route = {
    method: 'get',
    path: '/api/rooms/:room/snapshot.jpg',
    access: 'api-key',
    summary: 'The program as a picture, at most about a second old',
    answers: { 200: { description: 'JPEG', type: 'image/jpeg' } },
    errors: ['no-such-room', 'cannot-mix'],
    async handle(ctx) {
      const jpeg = await rooms.get(ctx.params.room!).snapshot();
      ctx.type = 'image/jpeg';
      ctx.body = jpeg;
    },
  };

  return [begin, ofRoom, get, change, mark, remove, file, snapshot];
}
