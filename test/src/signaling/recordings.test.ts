import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import type { RecordingView } from '../../../src/live/contract.ts';
import { PROTOCOL } from '../../../src/signaling/messages.ts';
import { startTestServer, type TestServer } from '../http/testServer.ts';

let server: TestServer;
let socket: WebSocket;
const changed: string[] = [];
const file = { name: 'a.mp4', bytes: 5, type: 'video/mp4', sha256: null };
const view = (id: string, room: string): RecordingView => ({
  ...{ id, room, format: 'mp4', state: 'finished', reason: null, startedAt: '2026-11-20T10:00:00.000Z' },
  ...{ durationMs: 1, bytes: 5, tracks: false, chapters: [], files: [file] },
});
const all = [view('ours', 'demo'), view('theirs', 'elsewhere')];

beforeAll(async () => {
  server = await startTestServer();
  server.rooms.create({ id: 'demo' });
  const { recordings } = server.rooms;
  server.rooms.recordings = {
    ...recordings,
    list: (room) => all.filter((one) => one.room === room),
    get: (id) => all.find((one) => one.id === id) ?? recordings.get(id),
    change: async (id, state) => {
      changed.push(`${id} ${state}`);
      return all[0]!;
    },
  };
  socket = new WebSocket(`${server.base.replace('http', 'ws')}/ws`, PROTOCOL);
  await once(socket, 'open');
  await ask({ type: 'join', token: await server.token('host') });
});

afterAll(async () => {
  socket.close();
  await server.stop();
});

let asked = 0;

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely here.
function ask(message: object): Promise<any> {
  const id = ++asked;
  return new Promise((resolve) => {
    const hear = (raw: Buffer) => {
      const answer = JSON.parse(raw.toString());
      if (answer.re !== id) return;
      socket.off('message', hear);
      resolve(answer);
    };
    socket.on('message', hear);
    socket.send(JSON.stringify({ ...message, id }));
  });
}

test("hosts see their own room's recordings, with links to the files", async () => {
  const { recordings } = await ask({ type: 'recordings' });
  expect(recordings).toEqual([{ ...all[0], files: [{ ...file, url: expect.any(String) }] }]);
  expect(recordings[0].files[0].url).toMatch(
    /^\/api\/recordings\/ours\/files\/a\.mp4\?expires=\d+&signature=[\w-]{43}$/,
  );
});

test("they change those of their own room, and no other's", async () => {
  const order = { type: 'set-recording', state: 'finished' };
  expect((await ask({ ...order, recording: 'theirs' })).error.code).toBe('no-such-recording');
  expect((await ask({ ...order, recording: 'none' })).error.code).toBe('no-such-recording');
  expect((await ask({ ...order, recording: 'ours' })).recording.id).toBe('ours');
  expect(changed).toEqual(['ours finished']);
});

test('why a recording cannot begin is told', async () => {
  expect((await ask({ type: 'start-recording' })).error.code).toBe('cannot-record');
  expect((await ask({ type: 'start-recording', format: 'avi' })).error.code).toBe('invalid-request');
});
