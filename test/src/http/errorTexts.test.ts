/** What is said to who asked for something that is not done: the cause, and what can be done about it. */

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { API_KEY, startTestServer, type TestServer } from './testServer.ts';

let server: TestServer;
let tokens: Record<'host' | 'viewer' | 'stranger' | 'late', string>;
beforeAll(async () => {
  server = await startTestServer();
  server.rooms.create({ id: 'demo' });
  const [host, viewer] = await Promise.all([server.token('host'), server.token('viewer')]);
  const [stranger, late] = await Promise.all([
    server.token('host', 'other'),
    server.token('host', 'demo', -9),
  ]);
  tokens = { host, viewer, stranger, late };
});
afterAll(() => server.stop());

type Key = 'api' | 'none' | 'wrong' | keyof typeof tokens;
const authorization = (key: Key): string => {
  if (key === 'none') return '';
  return `Bearer ${key === 'api' ? API_KEY : key === 'wrong' ? 'no-such-key' : tokens[key]}`;
};

const json = 'application/json';
const sdp = 'application/sdp';

test.each<[string, string, string | undefined, string, Key, number, string, RegExp]>([
  ['GET', '/api/rooms', undefined, json, 'none', 401, 'unauthorized', /send the API key as Authorization/],
  [
    'GET',
    '/api/rooms',
    undefined,
    json,
    'wrong',
    401,
    'unauthorized',
    /not that of this server \(ROSTRUM_API_KEY/,
  ],
  ['POST', '/api/rooms', '{"a', json, 'api', 400, 'malformed-json', /JSON: .* position \d/],
  [
    'POST',
    '/api/rooms',
    '{}',
    'text/plain',
    'api',
    415,
    'unsupported-type',
    /to be application\/json, not "text/,
  ],
  ['POST', '/api/rooms', ' '.repeat(70_000), json, 'api', 413, 'too-large', /65536 bytes at most/],
  [
    'POST',
    '/api/rooms',
    '{"mode":"x"}',
    json,
    'api',
    422,
    'invalid-request',
    /^mode: .* one of "mcu"\|"sfu"/,
  ],
  ['POST', '/api/rooms', '{"id":"A b"}', json, 'api', 422, 'invalid-request', /^id: Expected 1 to 64 of a-z/],
  ['PUT', '/api/rooms', '{}', json, 'api', 405, 'method-not-allowed', /takes GET, HEAD, POST only/],
  ['GET', '/api/nothing', undefined, json, 'api', 404, 'not-found', /no such path; \/docs lists/],
  [
    'PUT',
    '/api/rooms/demo/elements/A',
    '{"type":"ticker","text":"x"}',
    json,
    'api',
    422,
    'invalid-request',
    /^element: /,
  ],
  [
    'DELETE',
    '/api/rooms/demo/elements/a',
    undefined,
    json,
    'api',
    404,
    'no-such-element',
    /"a"; it may have been taken/,
  ],
  [
    'GET',
    '/api/rooms/demo/outputs/x',
    undefined,
    json,
    'api',
    404,
    'no-such-output',
    /"x" here; it may have been ended/,
  ],
  [
    'POST',
    '/api/rooms/demo/media',
    '{"file":"a.mp4"}',
    json,
    'api',
    404,
    'no-such-file',
    /"a.mp4"; it is to be uploaded/,
  ],
  ['POST', '/whip/demo', 'v=0', sdp, 'none', 401, 'unauthorized', /send the join token as Authorization/],
  ['POST', '/whip/demo', 'v=0', sdp, 'wrong', 401, 'unauthorized', /malformed; ask .* for a new link/],
  ['POST', '/whip/demo', 'v=0', sdp, 'late', 401, 'unauthorized', /has expired; ask the host for a new link/],
  ['POST', '/whip/demo', 'v=0', sdp, 'stranger', 403, 'forbidden', /for another room; each room has its own/],
  ['POST', '/whip/demo', 'v=0', sdp, 'viewer', 403, 'forbidden', /may not publish; a host can make them/],
  ['POST', '/whip/demo', 'hello', sdp, 'host', 400, 'sdp-malformed', /begin with v=0; send an SDP offer/],
  [
    'DELETE',
    '/whep/demo/x',
    undefined,
    sdp,
    'host',
    404,
    'no-such-session',
    /never was; POST begins another/,
  ],
])('%s %s %j as %s by %s is %i %s', async (method, path, body, type, key, status, code, detail) => {
  const headers = { authorization: authorization(key), 'content-type': type };
  const response = await fetch(server.base + path, { method, headers, body });
  const problem = (await response.json()) as Record<string, unknown>;
  expect({ status: response.status, ...problem }).toMatchObject({ status, code, type: `/docs#${code}` });
  expect(problem.detail).toMatch(detail);
});
