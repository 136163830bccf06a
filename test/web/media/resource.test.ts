import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { postOffer } from '../../../web/src/media/resource.ts';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}
type Answer = { status: number; headers?: Record<string, string>; body?: string } | 'never';

let server: Server;
let base: string;
let seen: Seen[];
let answers: Answer[];
let heard: () => void;

beforeEach(async () => {
  seen = [];
  heard = () => {};
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method!, url: request.url!, headers: request.headers, body });
    heard();
    const answer = answers.shift() ?? { status: 500 };
    if (answer === 'never') return;
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const created: Answer = {
  status: 201,
  headers: {
    'content-type': 'application/sdp',
    location: '/whep/demo/s1',
    etag: '"one"',
    link: '<stun:s.example>; rel="ice-server"',
  },
  body: 'v=0 answer',
};
const requests = (count: number) =>
  new Promise<void>((resolve) => {
    const check = () => seen.length >= count && resolve();
    heard = check;
    check();
  });

describe('postOffer', () => {
  test('posts the offer with the token and learns the session', async () => {
    answers = [created];
    const resource = await postOffer(`${base}/whep/demo`, 'tok', 'v=0 offer');
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/whep/demo', body: 'v=0 offer' });
    expect(seen[0]!.headers).toMatchObject({
      authorization: 'Bearer tok',
      'content-type': 'application/sdp',
    });
    expect(resource.answer).toBe('v=0 answer');
    expect(resource.iceServers).toEqual([{ urls: 'stun:s.example' }]);
  });

  test('candidates carry the newest entity tag', async () => {
    answers = [created, { status: 200, headers: { etag: '"two"' } }, { status: 204 }, { status: 405 }];
    const resource = await postOffer(`${base}/whep/demo`, 'tok', 'o');
    expect(await resource.trickle('a')).toBe(true);
    expect(await resource.trickle('b')).toBe(true);
    expect(await resource.trickle('c')).toBe(false);
    expect(seen.slice(1).map(({ method, url, headers }) => [method, url, headers['if-match']])).toEqual([
      ['PATCH', '/whep/demo/s1', '"one"'],
      ['PATCH', '/whep/demo/s1', '"two"'],
      ['PATCH', '/whep/demo/s1', '"two"'],
    ]);
    expect(seen[1]!.headers['content-type']).toBe('application/trickle-ice-sdpfrag');
  });

  test('a restart of ICE is asked for whatever the entity tag is, and brings the next', async () => {
    const restarted = { status: 200, headers: { etag: '"two"' }, body: 'a=ice-ufrag:server' };
    answers = [created, restarted, { status: 204 }, { status: 404 }, { status: 204 }];
    const resource = await postOffer(`${base}/whep/demo`, 'tok', 'o');
    const limit = AbortSignal.timeout(5000);
    expect(await resource.restart('a=ice-ufrag:page', limit)).toBe('a=ice-ufrag:server');
    expect(await resource.trickle('a')).toBe(true);
    expect(await resource.restart('b', limit)).toBeNull();
    expect(await resource.restart('c', limit)).toBeNull();
    expect(seen.slice(1).map(({ method, headers }) => [method, headers['if-match']])).toEqual([
      ['PATCH', '*'],
      ['PATCH', '"two"'],
      ['PATCH', '*'],
      ['PATCH', '*'],
    ]);
  });

  test('a restart is not waited for longer than is said', async () => {
    answers = [created, 'never'];
    const resource = await postOffer(`${base}/whep/demo`, 'tok', 'o');
    await expect(resource.restart('a', AbortSignal.timeout(50))).rejects.toMatchObject({
      code: 'unreachable',
    });
  });

  test('leaving is one DELETE, however often it is asked for', async () => {
    answers = [created, { status: 200 }];
    const resource = await postOffer(`${base}/whep/demo`, 'tok', 'o');
    resource.delete();
    resource.delete();
    await requests(2);
    expect(seen[1]).toMatchObject({ method: 'DELETE', url: '/whep/demo/s1' });
    expect(await resource.trickle('late')).toBe(false);
    expect(seen).toHaveLength(2);
  });

  test('a refusal comes in the server’s own words', async () => {
    answers = [
      {
        status: 503,
        headers: { 'content-type': 'application/problem+json', 'retry-after': '7' },
        body: JSON.stringify({
          title: 'The server is full',
          detail: 'Try later.',
          code: 'full',
          status: 503,
        }),
      },
    ];
    await expect(postOffer(base, 't', 'o')).rejects.toMatchObject({
      status: 503,
      code: 'full',
      title: 'The server is full',
      detail: 'Try later.',
      retryAfterS: 7,
      final: false,
    });
  });

  test('a refusal by a proxy names its status', async () => {
    answers = [{ status: 403, body: '<html>' }];
    await expect(postOffer(base, 't', 'o')).rejects.toMatchObject({ code: 'http-403', final: true });
  });

  test('no answer, no session and no server are problems, too', async () => {
    answers = [{ status: 201, body: 'v=0' }];
    await expect(postOffer(base, 't', 'o')).rejects.toMatchObject({ code: 'no-location' });
    answers = ['never'];
    await expect(postOffer(base, 't', 'o', 50)).rejects.toMatchObject({ code: 'unreachable', final: false });
    await expect(postOffer('http://127.0.0.1:9', 't', 'o')).rejects.toMatchObject({
      code: 'unreachable',
    });
  });
});
