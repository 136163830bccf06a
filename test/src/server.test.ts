import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { startTestServer } from './http/testServer.ts';

describe('closing', () => {
  test('takes nobody in from its first moment, and waits for the rooms', async () => {
    const server = await startTestServer();
    server.rooms.create({ id: 'demo' });
    let finish = () => {};
    server.rooms.close = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const closed = server.server.close();
    const code = async (response: Promise<Response>) =>
      ((await (await response).json()) as { code: string }).code;
    expect(await code(fetch(`${server.base}/readyz`))).toBe('shutting-down');
    expect(await code(server.api('POST', '/api/rooms', {}))).toBe('shutting-down');
    const token = await server.token('host');
    const offer = fetch(`${server.base}/whip/demo`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' },
      body: 'v=0\r\n',
    });
    expect(await code(offer)).toBe('shutting-down');
    expect((await fetch(`${server.base}/healthz`)).status).toBe(200);
    finish();
    await closed;
    await expect(fetch(`${server.base}/healthz`)).rejects.toThrow();
    await server.stop();
  });

  test('is bounded when a room hangs and a client holds on', async () => {
    const server = await startTestServer({ ROSTRUM_SHUTDOWN_GRACE: '0' });
    server.rooms.close = () => new Promise(() => {});
    const idle = connect(server.port, '127.0.0.1');
    const half = connect(server.port, '127.0.0.1');
    half.write('POST /api/rooms HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{');
    await Promise.all([once(idle, 'connect'), once(half, 'connect')]);
    const ended = Promise.all([once(idle.resume(), 'close'), once(half.resume(), 'close')]);
    await server.server.close();
    await ended;
    await server.stop();
  });

  test('twice, or before it ever listened, is the same as once', async () => {
    const server = await startTestServer();
    await Promise.all([server.server.close(), server.server.close()]);
    await server.server.close();
    await server.stop();
  });
});
