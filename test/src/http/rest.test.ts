import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as schemas from '../../../src/http/schemas.ts';
import { startTestServer, type TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely here.
const json = (response: Response) => response.json() as Promise<any>;

let made = 0;
let room: string;
beforeEach(async () => {
  made += 1;
  room = `r${made}`;
  await server.api('POST', '/api/rooms', { id: room, title: 'First' });
});

describe('rooms', () => {
  test('are made, listed, seen, changed and ended', async () => {
    const created = await server.api('POST', '/api/rooms', {
      id: `${room}-b`,
      title: 'Town hall',
      live: false,
    });
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`/api/rooms/${room}-b`);
    expect(schemas.room.parse(await json(created))).toMatchObject({
      title: 'Town hall',
      live: false,
      mode: 'mcu',
    });

    const listed = schemas.rooms.parse(await json(await server.api('GET', '/api/rooms')));
    expect(listed.rooms.map((one) => one.id)).toEqual(expect.arrayContaining([room, `${room}-b`]));

    const changed = await server.api('PATCH', `/api/rooms/${room}`, { title: 'Second', spotlight: null });
    expect(changed.status).toBe(200);
    expect(await json(changed)).toMatchObject({ id: room, title: 'Second' });

    expect((await server.api('DELETE', `/api/rooms/${room}`)).status).toBe(204);
    const gone = await server.api('GET', `/api/rooms/${room}`);
    expect(gone.status).toBe(404);
    expect(gone.headers.get('content-type')).toMatch('application/problem+json');
    expect(schemas.problem.parse(await json(gone))).toEqual({
      type: '/docs#no-such-room',
      title: 'No such room',
      status: 404,
      detail: `there is no room ${room}`,
      code: 'no-such-room',
    });
  });

  test('with an id that is taken are refused', async () => {
    const again = await server.api('POST', '/api/rooms', { id: room });
    expect([again.status, (await json(again)).code]).toEqual([409, 'room-exists']);
  });

  test.each([
    ['an id with a path in it', { id: '../etc' }, /^id: /],
    ['a title of ten thousand letters', { title: 'x'.repeat(10_000) }, /^title: Too big/],
    ['a title of white space', { title: ' \n\t' }, /^title: Empty/],
    ['an unknown field', { colour: 'red' }, /Unrecognized key: "colour"/],
    ['a mode nobody knows', { mode: 'p2p' }, /^mode: /],
    ['an odd width', { video: { width: 641 } }, /^video\.width: /],
    ['no number at all', { video: { fps: 'NaN' } }, /^video\.fps: /],
    ['an array', [], /expected object/],
    ['a prototype', '{"__proto__": {"title": "x"}}', /__proto__/],
  ])('%s: 422 that names the path', async (_name, body, detail) => {
    const response = await server.api('POST', '/api/rooms', body);
    const problem = await json(response);
    expect([response.status, problem.code]).toEqual([422, 'invalid-request']);
    expect(problem.detail).toMatch(detail);
  });

  test('a title loses its control characters, and keeps its letters', async () => {
    const title = ' Tom & "Ann"\r\n\u001b[31m <b>日本 👩‍🚀 \u202Eevil ';
    const changed = await server.api('PATCH', `/api/rooms/${room}`, { title });
    expect((await json(changed)).title).toBe('Tom & "Ann" [31m <b>日本 👩‍🚀 evil');
  });
});

describe('bodies', () => {
  const post = (body: string, headers: Record<string, string>) =>
    server.api('POST', '/api/rooms', body, headers);

  test('that are not JSON, of another type or too large have their own answers', async () => {
    expect((await json(await post('{"id":', {}))).code).toBe('malformed-json');
    const typed = await post('{}', { 'content-type': 'text/plain' });
    expect([typed.status, (await json(typed)).code]).toEqual([415, 'unsupported-type']);
    const large = await post(`{"title": "${'x'.repeat(70_000)}"}`, {});
    expect([large.status, (await json(large)).code]).toEqual([413, 'too-large']);
  });
});

describe('tokens', () => {
  test('let one person into one room, and stand in the fragment of the link', async () => {
    const response = await server.api('POST', `/api/rooms/${room}/tokens`, {
      role: 'panelist',
      name: 'Ada',
      ttl: 60,
    });
    expect(response.status).toBe(201);
    const { token, url } = schemas.tokenAnswer.parse(await json(response));
    expect(url).toBe(`${server.base}/r/${room}#${token}`);
    expect(await server.tokens.verify(token)).toMatchObject({ room, role: 'panelist', name: 'Ada' });
  });

  test('for a role nobody has, or a room that is not there, are refused', async () => {
    const role = await server.api('POST', `/api/rooms/${room}/tokens`, { role: 'king', name: 'Ada' });
    expect(role.status).toBe(422);
    const lost = await server.api('POST', '/api/rooms/none/tokens', { role: 'host', name: 'Ada' });
    expect(lost.status).toBe(404);
  });
});

describe('participants', () => {
  test('are listed, changed and removed, and then their token is worth nothing', async () => {
    const token = await server.token('panelist', room);
    const { participant } = await server.tokens.verify(token);
    const offer = () =>
      fetch(`${server.base}/whip/${room}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' },
        body: 'v=0\r\n',
      });
    expect((await offer()).status).toBe(201);

    const listed = await json(await server.api('GET', `/api/rooms/${room}/participants`));
    expect(schemas.participants.parse(listed).participants[0]).toMatchObject({
      id: participant,
      role: 'panelist',
    });

    const path = `/api/rooms/${room}/participants/${participant}`;
    const changed = await server.api('PATCH', path, { audio: 'muted', volumeDb: -6 });
    expect(await json(changed)).toMatchObject({ audio: 'muted', video: 'on' });
    expect((await server.api('PATCH', path, { volumeDb: 1e9 })).status).toBe(422);

    expect((await server.api('DELETE', path)).status).toBe(204);
    expect((await json(await server.api('DELETE', path))).code).toBe('no-such-participant');
    const again = await offer();
    expect([again.status, (await json(again)).code]).toEqual([401, 'unauthorized']);
  });
});

describe('operations', () => {
  test('health, readiness and their opposite', async () => {
    expect(await json(await fetch(`${server.base}/healthz`))).toMatchObject({ status: 'ok' });
    expect(await json(await fetch(`${server.base}/readyz`))).toEqual({ status: 'ready' });
    server.rooms.mixes = false;
    const response = await fetch(`${server.base}/readyz`);
    server.rooms.mixes = true;
    expect([response.status, (await json(response)).code]).toEqual([503, 'cannot-mix']);
    expect(response.headers.get('retry-after')).toBe('5');
  });

  test('a server without headroom is not ready, and says so in its metrics', async () => {
    const lines = async () => (await (await fetch(`${server.base}/metrics`)).text()).split('\n');
    expect(await lines()).toContain('rostrum_full 0');
    server.rooms.shortage = 'a thread was late';
    const response = await fetch(`${server.base}/readyz`);
    expect([response.status, await json(response)]).toEqual([
      503,
      expect.objectContaining({ code: 'full', detail: 'a thread was late' }),
    ]);
    expect(response.headers.get('retry-after')).toBe('15');
    await server.api('POST', '/api/rooms', { id: 'busy' });
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'rostrum_full 1',
        'rostrum_joins_refused_total 3',
        'rostrum_room_full{room="busy"} 1',
        'rostrum_mixer_skipped_pictures_total{room="busy"} 4',
      ]),
    );
    server.rooms.shortage = null;
  });
});
