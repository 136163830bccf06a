import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { Library } from '../../../src/library/library.ts';
import type { Role } from '../../../src/live/contract.ts';
import { PROTOCOL } from '../../../src/signaling/messages.ts';
import { startTestServer, type TestServer } from '../http/testServer.ts';
import { image } from '../library/images.ts';

let server: TestServer;
// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely here.
type Ask = (message: object) => Promise<any>;
let host: Ask;
let panelist: Ask;
const sockets: WebSocket[] = [];

async function enter(role: Role): Promise<Ask> {
  const socket = new WebSocket(`${server.base.replace('http', 'ws')}/ws`, PROTOCOL);
  sockets.push(socket);
  await once(socket, 'open');
  let asked = 0;
  const ask: Ask = (message) => {
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
  };
  await ask({ type: 'join', token: await server.token(role) });
  return ask;
}

beforeAll(async () => {
  server = await startTestServer();
  const folder = join(server.data, 'media');
  server.rooms.library = new Library({ folder, maxBytes: 1e5, maxShelfBytes: 1e6, lowWaterBytes: 0 });
  server.rooms.create({ id: 'demo' });
  host = await enter('host');
  panelist = await enter('panelist');
});
afterAll(async () => {
  for (const socket of sockets) socket.close();
  await server.stop();
});

test('everybody says how large pictures they want, in words that are checked', async () => {
  expect(await panelist({ type: 'set-quality', maxHeight: 0 })).toMatchObject({ re: expect.any(Number) });
  expect(await panelist({ type: 'delivery' })).toMatchObject({ maxHeight: 0, renditions: [{ height: 720 }] });
  expect(await host({ type: 'delivery' })).toMatchObject({ maxHeight: null });
  for (const maxHeight of [-1, 1.5, 1e9, '360', undefined]) {
    const { error } = await panelist({ type: 'set-quality', maxHeight });
    expect(error.code).toBe('invalid-request');
  }
});

test('a layout is given and given back as over REST, and a bad one names its path', async () => {
  const { room } = await host({ type: 'set-room', layout: 'presentation' });
  expect(room.layout.name).toBe('presentation');
  const again = await host({ type: 'set-room', layout: room.layout.document, transitions: false });
  expect(again.room).toMatchObject({ layout: room.layout, transitions: false });
  const tile = { id: 'a', x: 0.5, y: 0, w: 0.6, h: 1, flow: { arrange: 'row' } };
  const { error } = await host({ type: 'set-room', layout: { name: 'mine', tiles: [tile] } });
  expect([error.code, error.detail]).toEqual([
    'invalid-request',
    'layout.tiles[0].w: Reaches past the canvas',
  ]);
});

test('hosts put elements over the picture and take them away', async () => {
  const element = { id: 'news', type: 'ticker', text: 'Back in five minutes' };
  expect((await host({ type: 'set-element', element })).element).toEqual(element);
  expect((await host({ type: 'set-room' })).room.elements).toEqual([element]);
  expect((await panelist({ type: 'remove-element', element: 'news' })).error.code).toBe('forbidden');
  await host({ type: 'remove-element', element: 'news' });
  expect((await host({ type: 'remove-element', element: 'news' })).error.code).toBe('no-such-element');
  const bad = await host({ type: 'set-element', element: { ...element, text: '' } });
  expect(bad.error.detail).toBe('element.text: Empty');
});

test('hosts upload files by a link, show and play them, and remove them', async () => {
  const { url } = await host({ type: 'upload-link', name: 'intro (1).png' });
  const bytes = image('png', 32, 18);
  const sent = await fetch(server.base + url, { method: 'POST', body: new Uint8Array(bytes) });
  expect([sent.status, await sent.json()]).toMatchObject([201, { name: 'intro (1).png', width: 32 }]);
  expect(
    (await fetch(server.base + url.replace('demo', 'other'), { method: 'POST', body: 'x' })).status,
  ).toBe(401);
  expect((await host({ type: 'files' })).files).toHaveLength(1);

  const { media } = await host({ type: 'start-media', file: 'intro (1).png' });
  expect(media).toMatchObject({ kind: 'media', type: 'image/png', state: 'playing' });
  const paused = await host({ type: 'set-media', media: media.id, state: 'paused' });
  expect(paused.media.state).toBe('paused');
  await host({ type: 'stop-media', media: media.id });
  expect((await host({ type: 'stop-media', media: media.id })).error.code).toBe('no-such-media');

  await host({ type: 'remove-file', name: 'intro (1).png' });
  expect((await host({ type: 'start-media', file: 'intro (1).png' })).error.code).toBe('no-such-file');
});

test('nobody else does', async () => {
  for (const message of [
    { type: 'set-element', element: { id: 'x', type: 'ticker', text: 'x' } },
    { type: 'start-media', file: 'x.mp4' },
    { type: 'files' },
    { type: 'upload-link', name: 'x.png' },
    { type: 'remove-file', name: 'x.png' },
    { type: 'set-room', layout: 'stage' },
  ]) {
    expect([message.type, (await panelist(message)).error.code]).toEqual([message.type, 'forbidden']);
  }
});
