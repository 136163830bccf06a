/** Layouts, elements, media and files over REST, with a real library on the disk. */

import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as schemas from '../../../src/http/schemas.ts';
import { Library } from '../../../src/library/library.ts';
import { image } from '../library/images.ts';
import { startTestServer, type TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  const folder = join(server.data, 'media');
  server.rooms.library = new Library({ folder, maxBytes: 100_000, maxShelfBytes: 1e6, lowWaterBytes: 0 });
});
afterAll(() => server.stop());

let made = 0;
let room: string;
beforeEach(async () => {
  made += 1;
  room = `m${made}`;
  await server.api('POST', '/api/rooms', { id: room });
});

/** Status and body of an answer. */
async function call(method: string, path: string, body?: unknown) {
  const response = await server.api(method, path, body);
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely here.
  return { status: response.status, body: (text ? JSON.parse(text) : undefined) as any };
}

const upload = (path: string, bytes: Buffer, headers: Record<string, string> = {}) =>
  fetch(server.base + path, {
    method: 'POST',
    headers: { authorization: 'Bearer a-test-api-key', ...headers },
    body: new Uint8Array(bytes),
  });

const mp3 = Buffer.concat([Buffer.from('ID3'), Buffer.alloc(1000)]);
const tile = { id: 'a', x: 0, y: 0, w: 0.5, h: 1, fill: [{ by: 'order', n: 1 }] };

describe('a layout', () => {
  test.each(['stage', 'presentation', 'side-by-side', 'auto'])(
    '%s by name is given back as a document that can be put back',
    async (name) => {
      const changed = await call('PATCH', `/api/rooms/${room}`, { layout: name });
      const { layout } = schemas.room.parse(changed.body);
      expect(layout.name).toBe(name);
      const again = await call('PATCH', `/api/rooms/${room}`, { layout: layout.document });
      expect(again.body.layout).toEqual(layout);
    },
  );

  test('of those that have a name is a document that can be read, and given', async () => {
    const { layouts } = (await call('GET', '/api/layouts')).body;
    const names = layouts.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['grid', 'stage', 'presentation', 'pip', 'solo', 'side-by-side', 'auto']);
    for (const layout of layouts) {
      const { status, body } = await call('PATCH', `/api/rooms/${room}`, { layout });
      expect([status, body.layout.document]).toEqual([200, layout]);
    }
  });

  test('of one’s own, also when the room is made', async () => {
    const layout = { name: 'mine', background: '#102030', tiles: [tile] };
    const { status, body } = await call('POST', '/api/rooms', { id: `${room}-b`, layout });
    expect([status, body.layout.name, body.layout.document]).toMatchObject([201, 'mine', layout]);
  });

  test.each([
    ['an unknown name', 'spiral', /^layout: Invalid option: expected one of "grid"/],
    ['a negative width', { name: 'x', tiles: [{ ...tile, w: -1 }] }, /layout\.tiles\[0\]\.w: Too small/],
    ['two tiles of one id', { name: 'x', tiles: [tile, tile] }, /layout\.tiles\[1\]\.id: There is a tile/],
    ['200 tiles', { name: 'x', tiles: Array(200).fill(tile) }, /layout\.tiles: Too big/],
    [
      'an image nobody has',
      { name: 'x', image: 'no.png', tiles: [tile] },
      /^layout\.image: there is no file/,
    ],
  ])('%s is refused, and nothing changes', async (_name, layout, detail) => {
    const { status, body } = await call('PATCH', `/api/rooms/${room}`, { title: 'Other', layout });
    expect([status, body.code]).toEqual([422, 'invalid-request']);
    expect(body.detail).toMatch(detail);
    expect((await call('GET', `/api/rooms/${room}`)).body).toMatchObject({
      title: room,
      layout: { name: 'grid' },
    });
  });

  test('with numbers that JSON has not is not JSON', async () => {
    const text = '{"layout": {"name": "x", "tiles": [{"id": "a", "x": NaN}]}}';
    expect(await call('PATCH', `/api/rooms/${room}`, text)).toMatchObject({ status: 400 });
    const endless = JSON.stringify({ layout: { name: 'x', tiles: [tile] } }).replace('0.5', '1e999');
    const { status, body } = await call('PATCH', `/api/rooms/${room}`, endless);
    expect([status, body.detail]).toEqual([422, expect.stringContaining('layout.tiles[0].w: ')]);
  });
});

describe('elements', () => {
  const at = (id: string) => `/api/rooms/${room}/elements/${id}`;

  test('are shown, replaced, listed and taken away; what is read can be put back', async () => {
    const given = { type: 'lower-third', title: 'Ada\nLovelace', subtitle: 'Mathematician' };
    const set = await call('PUT', at('name'), given);
    const element = { ...given, id: 'name', title: 'Ada Lovelace' };
    expect(set).toEqual({ status: 200, body: element });
    expect((await call('PUT', at('name'), element)).body).toEqual(element);
    const untilMs = Date.now() + 60_000;
    await call('PUT', at('clock'), { type: 'countdown', untilMs });
    const all = [element, { id: 'clock', type: 'countdown', title: '', untilMs }];
    expect((await call('GET', `/api/rooms/${room}/elements`)).body).toEqual({ elements: all });
    expect((await call('GET', `/api/rooms/${room}`)).body.elements).toEqual(all);
    expect((await call('DELETE', at('name'))).status).toBe(204);
    expect((await call('DELETE', at('name'))).body.code).toBe('no-such-element');
  });

  test('that count down for a time end by the clock of the server', async () => {
    const before = Date.now();
    const { status, body } = await call('PUT', at('clock'), { type: 'countdown', durationMs: 90_000 });
    expect([status, body]).toEqual([
      200,
      { id: 'clock', type: 'countdown', title: '', untilMs: expect.any(Number) },
    ]);
    expect(body.untilMs).toBeGreaterThanOrEqual(before + 90_000);
    expect(body.untilMs).toBeLessThanOrEqual(Date.now() + 90_000);
    expect((await call('PUT', at('clock'), body)).body).toEqual(body);
  });

  test.each([
    ['no end', { type: 'countdown' }, /^untilMs: Expected either this or durationMs/],
    ['two ends', { type: 'countdown', untilMs: 1, durationMs: 1 }, /^untilMs: Expected either this or/],
    ['an end before now', { type: 'countdown', durationMs: -1 }, /^durationMs: Too small/],
    ['another id than the path', { id: 'other', type: 'ticker', text: 'x' }, /^id: the path says "e"/],
    ['no type', { text: 'x' }, /^type: /],
    ['an unknown type', { type: 'blink', text: 'x' }, /^type: /],
    ['an unknown key', { type: 'ticker', text: 'x', colour: 'red' }, /Unrecognized key: "colour"/],
    ['a share of 2', { type: 'card', title: 'x', lines: [{ text: 'a', share: 2 }] }, /^lines\[0\]\.share: /],
    ['more than a ticker shows', { type: 'ticker', text: 'x'.repeat(501) }, /^text: Too big/],
    ['an image nobody has', { type: 'logo', image: 'no.png' }, /^image: there is no file "no.png"/],
    ['an image outside', { type: 'logo', image: '../../etc/passwd' }, /^image: Expected the name of a file/],
  ])('with %s are refused', async (_name, body, detail) => {
    const answer = await call('PUT', at('e'), body);
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid-request']);
    expect(answer.body.detail).toMatch(detail);
  });

  test('are limited in number, and by names that are names', async () => {
    for (let n = 0; n < 16; n++) await call('PUT', at(`t${n}`), { type: 'ticker', text: 'x' });
    expect((await call('PUT', at('one-more'), { type: 'ticker', text: 'x' })).status).toBe(409);
    expect((await call('PUT', at('t0'), { type: 'ticker', text: 'y' })).status).toBe(200);
    expect((await call('PUT', at('A%20b'), { type: 'ticker', text: 'x' })).status).toBe(422);
  });
});

describe('files', () => {
  test('for all rooms and for one are uploaded, listed, used and removed', async () => {
    const png = image('png', 64, 48);
    const shared = await upload('/api/media?name=logo.png', png);
    expect([shared.status, await shared.json()]).toEqual([
      201,
      { name: 'logo.png', kind: 'image', type: 'image/png', bytes: png.length, width: 64, height: 48 },
    ]);
    const own = `/api/rooms/${room}/assets`;
    expect((await upload(`${own}?name=hold%20music.mp3`, mp3)).status).toBe(201);
    const names = async (path: string) =>
      (await call('GET', path)).body.files.map(({ name }: { name: string }) => name);
    expect(await names(own)).toEqual(['hold music.mp3', 'logo.png']);
    expect(await names('/api/media')).toEqual(['logo.png']);

    const slate = { image: 'logo.png', music: 'hold music.mp3' };
    expect((await call('PATCH', `/api/rooms/${room}`, { slate })).body.slate).toMatchObject(slate);
    const wrong = await call('PATCH', `/api/rooms/${room}`, { slate: { image: 'hold music.mp3' } });
    expect(wrong.body.detail).toBe('slate.image: "hold music.mp3" is audio/mpeg, expected an image');
    const logo = { type: 'logo', image: 'logo.png' };
    expect((await call('PUT', `/api/rooms/${room}/elements/logo`, logo)).status).toBe(200);

    expect((await call('DELETE', `${own}/logo.png`)).status).toBe(404);
    expect((await call('DELETE', '/api/media/logo.png')).status).toBe(204);
    expect((await call('DELETE', '/api/media/..%2F..%2Fsecrets.json')).status).toBe(422);
  });

  test.each([
    ['no name', '', mp3, 422, 'invalid-request'],
    ['a path', '?name=..%2Fx.mp3', mp3, 422, 'invalid-request'],
    ['two names', '?name=a.mp3&name=b.mp3', mp3, 422, 'invalid-request'],
    ['another kind than it says', '?name=x.png', mp3, 422, 'file-refused'],
    ['too much', '?name=x.mp3', Buffer.concat([mp3, Buffer.alloc(200_000)]), 413, 'too-large'],
  ])('with %s are refused', async (_name, query, bytes, status, code) => {
    const answer = await upload(`/api/rooms/${room}/assets${query}`, bytes);
    expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ code })]);
    expect((await call('GET', `/api/rooms/${room}/assets`)).body.files).toEqual([]);
  });

  test('are taken by a signed link for this room, from hosts who have no key', async () => {
    const path = `/api/rooms/${room}/assets?name=x.mp3`;
    expect((await upload(path, mp3, { authorization: '' })).status).toBe(401);
    const forged = `${path}&expires=99999999999&signature=forged`;
    expect((await upload(forged, mp3, { authorization: '' })).status).toBe(401);
  });

  test('that break off leave nothing, and the server goes on', async () => {
    const sending = request(`${server.base}/api/rooms/${room}/assets?name=x.mp3`, {
      method: 'POST',
      headers: { authorization: 'Bearer a-test-api-key', 'content-length': '5000' },
    });
    sending.on('error', () => {});
    await new Promise((resolve) => sending.write(mp3, resolve));
    const shelf = join(server.data, 'media', '.rooms', room);
    const files = () => {
      try {
        return readdirSync(shelf);
      } catch {
        return [];
      }
    };
    while (files().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    sending.destroy();
    while (files().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await upload(`/api/rooms/${room}/assets?name=x.mp3`, mp3)).status).toBe(201);
  });
});

describe('media', () => {
  test('are played, changed and stopped as sources of a room', async () => {
    await upload(`/api/rooms/${room}/assets?name=song.mp3`, mp3);
    const path = `/api/rooms/${room}/media`;
    const response = await server.api('POST', path, { file: 'song.mp3', loop: true });
    const source = (await response.json()) as { id: string };
    expect([response.status, response.headers.get('location')]).toEqual([201, `${path}/${source.id}`]);
    expect(source).toMatchObject({ kind: 'media', file: 'song.mp3', loop: true, state: 'playing' });
    const changed = await call('PATCH', `${path}/${source.id}`, {
      state: 'paused',
      positionMs: 1500,
      volumeDb: -6,
    });
    expect(changed.body).toMatchObject({ state: 'paused', positionMs: 1500, volumeDb: -6 });
    expect((await call('GET', path)).body.media).toEqual([changed.body]);
    expect((await call('GET', `/api/rooms/${room}`)).body.media).toEqual([changed.body]);
    expect((await call('PATCH', `${path}/${source.id}`, { positionMs: -1 })).status).toBe(422);
    expect((await call('PATCH', `${path}/nothing`, { state: 'paused' })).status).toBe(404);
    expect((await call('DELETE', `${path}/${source.id}`)).status).toBe(204);
    expect((await call('GET', path)).body.media).toEqual([]);
  });

  test('of files that are not there are refused, and more than a few', async () => {
    const path = `/api/rooms/${room}/media`;
    expect((await call('POST', path, { file: 'no.mp4' })).body.code).toBe('no-such-file');
    expect((await call('POST', path, { file: '../no.mp4' })).status).toBe(422);
    await upload(`/api/rooms/${room}/assets?name=song.mp3`, mp3);
    const answers = [];
    for (let n = 0; n < 5; n++) answers.push((await call('POST', path, { file: 'song.mp3' })).status);
    expect(answers).toEqual([201, 201, 201, 201, 409]);
  });
});
