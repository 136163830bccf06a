import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { PrivateHosts } from '../../../../src/egress/outputs/addresses.ts';
import { WhipRelay } from '../../../../src/egress/outputs/whipRelay.ts';
import { until } from '../../../harness/until.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Asked {
  method: string;
  path: string;
  authorization: string | undefined;
  body: string;
}

/** A WHIP endpoint whose answers a test chooses. */
async function target(answer: (asked: Asked, response: ServerResponse, port: number) => void) {
  const asked: Asked[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const one = {
      ...{ method: request.method!, path: request.url!, body },
      authorization: request.headers.authorization,
    };
    asked.push(one);
    answer(one, response, (server.address() as AddressInfo).port);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  return { asked, port: (server.address() as AddressInfo).port };
}

async function relayTo(url: string, privateHosts: PrivateHosts = 'on') {
  const relay = await WhipRelay.open({ url: new URL(url), token: 'the-token', privateHosts });
  closing.push(() => relay.close());
  const offer = () =>
    fetch(relay.url, { method: 'POST', body: 'v=0\r\n', headers: { 'Content-Type': 'application/sdp' } });
  return { relay, offer };
}

const accept = (response: ServerResponse, body = 'v=0\r\n') =>
  response.writeHead(201, { Location: '/session/1', 'Content-Type': 'application/sdp' }).end(body);

describe('the HTTP side of a WHIP push', () => {
  test('carries the offer with the token, and ends the session', async () => {
    const { asked, port } = await target((one, response) =>
      one.method === 'POST' ? accept(response) : response.writeHead(200).end(),
    );
    const { relay, offer } = await relayTo(`http://127.0.0.1:${port}/whip/x?y=z`);
    const answer = await offer();
    expect([answer.status, answer.headers.get('location')]).toEqual([201, `${relay.url}/session`]);
    await relay.close();
    expect(asked).toEqual([
      { method: 'POST', path: '/whip/x?y=z', authorization: 'Bearer the-token', body: 'v=0\r\n' },
      { method: 'DELETE', path: '/session/1', authorization: 'Bearer the-token', body: '' },
    ]);
  });

  test('follows redirections, but not into private networks, and keeps the token to itself', async () => {
    const elsewhere = await target((_one, response) => accept(response));
    const { port } = await target((_one, response) =>
      response.writeHead(307, { Location: `http://localhost:${elsewhere.port}/other` }).end(),
    );
    const allowed = await relayTo(`http://127.0.0.1:${port}/`);
    expect((await allowed.offer()).status).toBe(201);
    expect(elsewhere.asked).toMatchObject([{ path: '/other', authorization: undefined }]);

    const inside = await target((_one, response) =>
      response.writeHead(307, { Location: 'http://169.254.169.254/latest' }).end(),
    );
    const metadata = await relayTo(`http://127.0.0.1:${inside.port}/`);
    expect((await metadata.offer()).status).toBe(502);
    expect(metadata.relay.problem).toMatch(/169\.254\.169\.254 is in a private network/);
  });

  test.each([
    [401, 'the target refuses the token (401)'],
    [404, 'the target knows no such WHIP endpoint (404)'],
    [503, 'the target has a problem of its own (503)'],
    [200, 'the target refuses the stream (200)'],
  ])('%d is said in words', async (status, words) => {
    const { port } = await target((_one, response) => response.writeHead(status).end());
    const { relay, offer } = await relayTo(`http://127.0.0.1:${port}/`);
    expect((await offer()).status).toBe(502);
    expect(relay.problem).toBe(words);
  });

  test('candidates in networks that are closed to us are left out', async () => {
    const candidate = (address: string) => `a=candidate:1 1 udp 100 ${address} 5000 typ host`;
    const mixed = ['v=0', candidate('10.0.0.1'), candidate('192.88.98.1'), candidate('x.local'), ''];
    const { port } = await target((one, response) =>
      accept(response, (one.path === '/mixed' ? mixed : mixed.slice(0, 2)).join('\r\n')),
    );
    const list = ['127.0.0.1'];
    const { offer } = await relayTo(`http://127.0.0.1:${port}/mixed`, list);
    expect((await (await offer()).text()).split('\r\n')).toEqual(['v=0', candidate('192.88.98.1'), '']);
    const only = await relayTo(`http://127.0.0.1:${port}/only`, list);
    expect((await only.offer()).status).toBe(502);
    expect(only.relay.problem).toBe('the target takes media only in a private network');
  });

  test('more than an SDP, and circles, have an end', async () => {
    const endless = await target((_one, response, port) =>
      response.writeHead(302, { Location: `http://127.0.0.1:${port}/` }).end(),
    );
    const circle = await relayTo(`http://127.0.0.1:${endless.port}/`);
    expect((await circle.offer()).status).toBe(502);
    expect(endless.asked.length).toBeLessThan(6);
    const { port } = await target((_one, response) => accept(response, 'x'.repeat(200_000)));
    const { relay, offer } = await relayTo(`http://127.0.0.1:${port}/`);
    expect((await offer()).status).toBe(502);
    expect(relay.problem).toBe('the target answers with more than an SDP');
  });

  test('nobody else gets in', async () => {
    const { asked, port } = await target((_one, response) => accept(response));
    const { relay } = await relayTo(`http://127.0.0.1:${port}/`);
    const { origin } = new URL(relay.url);
    for (const path of ['/', '/guess', '/guess/session'])
      expect((await fetch(origin + path, { method: 'POST', body: 'v=0' })).status).toBe(404);
    expect(asked).toEqual([]);
    await relay.close();
    await until('the door is closed', () =>
      fetch(relay.url).then(
        () => false,
        () => true,
      ),
    );
  });
});
