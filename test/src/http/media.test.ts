import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Role } from '../../../src/live/contract.ts';
import { until } from '../../harness/until.ts';
import { startTestServer, type TestServer } from './testServer.ts';

const SDP = 'application/sdp';
const FRAGMENT = 'application/trickle-ice-sdpfrag';
const OFFER = 'v=0\r\ns=-\r\n';

let server: TestServer;
const token: Partial<Record<Role, string>> = {};
beforeAll(async () => {
  server = await startTestServer({
    ROSTRUM_ICE_SERVERS: '[{"urls":"stun:s.example"},{"urls":"turn:t.example?transport=udp"}]',
    ROSTRUM_TURN_SECRET: 'a-turn-secret',
  });
  server.rooms.create({ id: 'demo' });
  server.rooms.create({ id: 'other' });
  for (const role of ['host', 'co-host', 'panelist', 'viewer'] as const)
    token[role] = await server.token(role);
});
afterAll(() => server.stop());

interface Ask {
  path?: string;
  method?: string;
  auth?: string | null;
  type?: string | null;
  body?: string | null;
  headers?: Record<string, string>;
}

function ask({
  path = '/whip/demo',
  method = 'POST',
  auth = token.panelist,
  type = SDP,
  body = OFFER,
  headers,
}: Ask) {
  return fetch(server.base + path, {
    method,
    body,
    headers: {
      ...(auth ? { authorization: `Bearer ${auth}` } : {}),
      ...(type ? { 'content-type': type } : {}),
      ...headers,
    },
  });
}

async function outcome(response: Promise<Response>): Promise<string> {
  const answer = await response;
  if (answer.status < 400) return String(answer.status);
  expect(answer.headers.get('content-type')).toMatch('application/problem+json');
  const problem = (await answer.json()) as { status: number; code: string; detail: string };
  expect(problem.status).toBe(answer.status);
  expect(problem.detail).not.toBe('');
  return `${answer.status} ${problem.code}`;
}

describe('the order of checks', () => {
  const LARGE = 'v=0\r\n'.padEnd(70_000, 'x');

  // Each asks with everything wrong that comes later in the order as well.
  test('405, 401, 404, 403, 413, 415, 400, 422, 503', async () => {
    const elsewhere = await server.token('panelist', 'other');
    const everything = { type: 'text/plain', body: LARGE };
    expect(await outcome(ask({ method: 'PUT', path: '/whip/none', auth: null, ...everything }))).toBe(
      '405 method-not-allowed',
    );
    expect(await outcome(ask({ path: '/whip/none', auth: null, ...everything }))).toBe('401 unauthorized');
    expect(await outcome(ask({ path: '/whip/none', auth: elsewhere, ...everything }))).toBe(
      '404 no-such-room',
    );
    expect(await outcome(ask({ auth: elsewhere, ...everything }))).toBe('403 forbidden');
    expect(await outcome(ask({ auth: token.viewer, ...everything }))).toBe('403 forbidden');
    expect(await outcome(ask(everything))).toBe('413 too-large');
    expect(await outcome(ask({ type: 'text/plain', body: 'junk' }))).toBe('415 unsupported-type');
    expect(await outcome(ask({ type: null, body: null }))).toBe('415 unsupported-type');
    expect(await outcome(ask({ body: 'junk' }))).toBe('400 sdp-malformed');
    expect(await outcome(ask({ body: '' }))).toBe('400 sdp-malformed');
    expect(await outcome(ask({ body: `${OFFER}a=refuse` }))).toBe('422 sdp-refused');
    expect(await outcome(ask({ path: '/whip/demo?source=window' }))).toBe('422 invalid-request');
    const full = await ask({ body: `${OFFER}a=full` });
    expect([full.status, full.headers.get('retry-after')]).toEqual([503, '7']);
  });

  test('tokens of every wrong kind are 401', async () => {
    const expired = await server.token('panelist', 'demo', -10);
    for (const auth of [expired, 'x', 'eyJhbGciOiJub25lIn0.e30.', `${token.host}x`]) {
      const response = await ask({ auth });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  test('a fault of ours is 500 without its cause', async () => {
    const response = await ask({ body: `${OFFER}a=crash` });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch('a fault of ours');
    expect(server.logged.join('')).toMatch('a fault of ours');
  });
});

describe('who may', () => {
  test.each([
    ['whip', { host: '201', 'co-host': '201', panelist: '201', viewer: '403 forbidden' }],
    ['whep', { host: '201', 'co-host': '201', panelist: '201', viewer: '201' }],
  ] as const)('%s', async (direction, expected) => {
    for (const [role, code] of Object.entries(expected)) {
      const auth = token[role as Role] as string;
      expect([role, await outcome(ask({ path: `/${direction}/demo`, auth }))]).toEqual([role, code]);
    }
  });

  test('a role that was changed since the token was made counts', async () => {
    const auth = await server.token('viewer');
    const { participant } = await server.tokens.verify(auth);
    expect(await outcome(ask({ path: '/whep/demo', auth }))).toBe('201');
    await server.api('PATCH', `/api/rooms/demo/participants/${participant}`, { role: 'panelist' });
    expect(await outcome(ask({ auth }))).toBe('201');
  });
});

describe('an accepted offer', () => {
  test('is answered with everything WHIP promises', async () => {
    const response = await ask({ path: '/whip/demo?source=screen', type: 'Application/SDP; charset=utf-8' });
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toMatch(/^application\/sdp/);
    expect(response.headers.get('location')).toMatch(/^\/whip\/demo\/session-\d+$/);
    expect(response.headers.get('etag')).toMatch(/^"session-/);
    expect(response.headers.get('accept-patch')).toBe(FRAGMENT);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const link = response.headers.get('link');
    expect(link).toMatch('<stun:s.example>; rel="ice-server"');
    expect(link).toMatch(
      /<turn:t\.example\?transport=udp>; rel="ice-server"; username="\d+:p-[0-9a-f]+"; credential="/,
    );
    expect(await response.text()).toMatch(/^v=0/);
    expect(server.rooms.lastOffer).toMatchObject({ kind: 'screen', loopback: true, offer: OFFER });
  });
});

describe('a session', () => {
  const open = async (direction = 'whip', auth = token.panelist) => {
    const response = await ask({ path: `/${direction}/demo`, auth });
    return { path: response.headers.get('location')!, etag: response.headers.get('etag')! };
  };
  const patch = (path: string, body: string, match?: string, more: Ask = {}) =>
    ask({
      path,
      method: 'PATCH',
      type: FRAGMENT,
      body,
      headers: match ? { 'if-match': match } : {},
      ...more,
    });

  test('takes candidates with its entity tag only', async () => {
    const { path, etag } = await open();
    expect(await outcome(patch(path, 'a=candidate:1'))).toBe('428 precondition-required');
    expect(await outcome(patch(path, 'a=candidate:1', '"stale"'))).toBe('412 precondition-failed');
    expect(await outcome(patch(path, 'a=candidate:1', `W/${etag}`))).toBe('412 precondition-failed');
    expect(await outcome(patch(path, 'a=candidate:1', etag))).toBe('204');
    expect(await outcome(patch(path, 'a=candidate:1', etag, { type: SDP }))).toBe('415 unsupported-type');
  });

  test('restarts ICE and has another entity tag then', async () => {
    const { path, etag } = await open();
    const restarted = await patch(path, 'a=ice-ufrag:new', '*');
    expect([restarted.status, restarted.headers.get('content-type')]).toEqual([200, FRAGMENT]);
    expect(await restarted.text()).toMatch('restarted');
    expect(restarted.headers.get('etag')).not.toBe(etag);
    expect(await outcome(patch(path, 'a=candidate:1', etag))).toBe('412 precondition-failed');
    expect(await outcome(patch(path, 'a=candidate:1', restarted.headers.get('etag')!))).toBe('204');
  });

  test('ends once', async () => {
    const { path, etag } = await open('whep');
    const remove = () => ask({ path, method: 'DELETE', type: null, body: null });
    expect(await outcome(remove())).toBe('200');
    expect(await outcome(remove())).toBe('404 no-such-session');
    expect(await outcome(patch(path, 'a=candidate:1', etag))).toBe('404 no-such-session');
  });

  test("is its owner's alone, and of its own direction and room", async () => {
    const { path, etag } = await open();
    const auth = token.host;
    expect(await outcome(patch(path, 'a=candidate:1', etag, { auth }))).toBe('403 forbidden');
    expect(await outcome(ask({ path, method: 'DELETE', body: null, auth }))).toBe('403 forbidden');
    expect(await outcome(ask({ path, method: 'DELETE', body: null, auth: null }))).toBe('401 unauthorized');
    const whep = path.replace('whip', 'whep');
    expect(await outcome(ask({ path: whep, method: 'DELETE', body: null }))).toBe('404 no-such-session');
    const elsewhere = path.replace('demo', 'other');
    expect(await outcome(ask({ path: elsewhere, method: 'DELETE', body: null }))).toBe('403 forbidden');
    expect(await outcome(ask({ path, method: 'GET', body: null }))).toBe('405 method-not-allowed');
  });
});

describe('pages of other origins', () => {
  test('GET, HEAD and OPTIONS succeed without content', async () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      const response = await ask({ method, auth: null, type: null, body: null });
      expect([method, response.status, await response.text()]).toEqual([method, 204, '']);
    }
    const put = await ask({ method: 'PUT', auth: null });
    expect(put.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
  });

  test('may use every method and read the headers that count, errors included', async () => {
    const preflight = await ask({
      path: '/whep/demo/any',
      method: 'OPTIONS',
      auth: null,
      type: null,
      body: null,
      headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'PATCH' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toMatch(/PATCH, DELETE/);
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/Authorization.*If-Match/);
    const refused = await ask({ auth: null });
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    expect(refused.headers.get('access-control-expose-headers')).toMatch(/Location, ETag, Link/);
  });
});

describe('rude clients', () => {
  const raw = async (text: string): Promise<string> => {
    const socket = connect(server.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => {});
    socket.write(text);
    await once(socket, 'close');
    return answer;
  };

  test('a body announced as a gigabyte is refused at once', async () => {
    const head = `POST /whip/demo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token.panelist}\r\n`;
    expect(await raw(`${head}Content-Length: 1000000000\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413/);
  });

  test('what is not HTTP is 400, and the server goes on', async () => {
    expect(await raw('\u0016\u0003\u0001 hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    expect((await fetch(`${server.base}/healthz`)).status).toBe(200);
  });
});

test('the log has neither tokens nor SDP', async () => {
  const marked = `${OFFER}a=fingerprint:sha-256 AA:BB:CC:DD\r\na=ice-pwd:very-secret\r\n`;
  await ask({ path: `/whip/demo?token=${token.host}`, body: marked });
  await ask({ body: `${marked}a=crash` });
  const log = server.logged.join('');
  expect(log).toMatch('"path":"/whip/demo"');
  for (const secret of ['very-secret', 'AA:BB', token.host!, token.panelist!])
    expect(log).not.toMatch(secret);
});

test('who hangs up before the answer leaves no session behind', async () => {
  let answer = () => {};
  server.rooms.publishing = new Promise((resolve) => {
    answer = resolve;
  });
  const before = new Set(server.rooms.openSessions);
  const openedBefore = server.rooms.opened;
  const hangUp = new AbortController();
  const headers = { authorization: `Bearer ${token.panelist}`, 'content-type': SDP };
  const mark = `${OFFER}a=hangs-up\r\n`;
  const asked = fetch(`${server.base}/whip/demo`, {
    method: 'POST',
    headers,
    body: mark,
    signal: hangUp.signal,
  });
  asked.catch(() => {});
  await until('the offer is there', async () => server.rooms.lastOffer?.offer === mark);
  hangUp.abort();
  await expect(asked).rejects.toThrow();
  // By the time these are answered the server has seen the hang-up, too.
  for (let i = 0; i < 3; i++) await fetch(`${server.base}/healthz`);
  answer();
  await until('the session is gone', async () => {
    const { opened, openSessions } = server.rooms;
    return opened > openedBefore && openSessions.size === before.size;
  });
  expect(server.rooms.openSessions).toEqual(before);
  server.rooms.publishing = Promise.resolve();
  const stays = await ask({});
  expect(stays.status).toBe(201);
  expect(server.rooms.openSessions.size).toBe(before.size + 1);
});
