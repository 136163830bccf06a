/** Every route with every kind of caller: what is not written down here as open is not. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Koa from 'koa';
import Router from 'koa-router';
import { startTestServer, type TestServer } from './testServer.ts';

let server: TestServer;
let document: { paths: Record<string, Record<string, { security: object[] }>> };
beforeAll(async () => {
  server = await startTestServer();
  server.rooms.create({ id: 'demo' });
  document = (await (await fetch(`${server.base}/openapi.json`)).json()) as typeof document;
});
afterAll(() => server.stop());

const open = ['GET /healthz', 'GET /readyz', 'GET /metrics'];
const openMedia = ['whip', 'whep'].flatMap((name) => [
  `GET /${name}/{room}`,
  `OPTIONS /${name}/{room}`,
  `OPTIONS /${name}/{room}/{session}`,
]);

/** Open to everybody who knows the path: without an output there is none. */
const openPaths = ['GET /hls/{room}/{file}', 'GET /hls/{room}/{key}/{file}'];

function everyRoute() {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      url: server.base + path.replace('{room}', 'demo').replace(/\{\w+\}/g, 'x'),
      path,
      security,
    })),
  );
}

const status = async (url: string, method: string, authorization?: string) =>
  (await fetch(url, { method, headers: authorization ? { authorization } : {} })).status;

describe('every route', () => {
  test('is closed to strangers, but for those that are meant for them', async () => {
    const routes = everyRoute();
    expect(routes.length).toBeGreaterThanOrEqual(20);
    for (const route of routes) {
      const isOpen = [...open, ...openMedia, ...openPaths].includes(route.name);
      expect([route.name, route.security.length === 0]).toEqual([route.name, isOpen]);
      const given = await status(route.url, route.method);
      if (openPaths.includes(route.name)) expect([route.name, given]).toEqual([route.name, 404]);
      else expect([route.name, isOpen ? given < 300 : given]).toEqual([route.name, isOpen ? true : 401]);
    }
  });

  test('of the API refuses wrong keys and join tokens, those of hosts too', async () => {
    const token = await server.token('host');
    for (const route of everyRoute().filter((one) => one.path.startsWith('/api'))) {
      for (const value of ['Bearer wrong', 'Basic YTpi', `Bearer ${token}`, 'Bearer ']) {
        expect([route.name, value, await status(route.url, route.method, value)]).toEqual([
          route.name,
          value,
          401,
        ]);
      }
    }
  });

  test('of WHIP and WHEP refuses the API key: it is nobody', async () => {
    for (const route of everyRoute().filter((one) => /^(POST|PATCH|DELETE) \/wh/.test(one.name))) {
      expect([route.name, await status(route.url, route.method, 'Bearer a-test-api-key')]).toEqual([
        route.name,
        401,
      ]);
    }
  });

  test.each([
    '/API/rooms',
    '//api/rooms',
    '/api/rooms/',
    '/api//rooms',
    '/api/%72ooms',
    '/api/rooms/demo/..%2f',
  ])('%s is no way around', async (path) => {
    expect([401, 404]).toContain((await fetch(server.base + path)).status);
  });
});

describe('the router', () => {
  test('runs what stands before the routes of a prefix with a parameter', async () => {
    const router = new Router({ prefix: '/api/rooms/:room' });
    router.use((ctx, next) => (ctx.get('Authorization') ? next() : ctx.throw(401)));
    router.get('/tokens', (ctx) => {
      ctx.body = 'inside';
    });
    const app = new Koa({ asyncLocalStorage: false });
    app.use(router.routes());
    const listener = createServer(app.callback()).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/api/rooms/demo/tokens`;
    expect(await status(url, 'GET')).toBe(401);
    expect(await status(url, 'GET', 'Bearer x')).toBe(200);
    await new Promise((resolve) => listener.close(resolve).closeAllConnections());
  });
});
