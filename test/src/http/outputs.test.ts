import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as schemas from '../../../src/http/schemas.ts';
import { startTestServer, type TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  server.rooms.create({ id: 'hall' });
});
afterAll(async () => {
  for (const { id } of server.rooms.get('hall').outputs.list())
    await server.rooms.get('hall').outputs.end(id);
  await server.stop();
});

const PATH = '/api/rooms/hall/outputs';
const post = async (body: object) => {
  const response = await server.api('POST', PATH, body);
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely here.
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
};

describe('outputs over REST', () => {
  test('are made, listed, seen and ended', async () => {
    const made = await post({ type: 'rtmp', url: 'rtmp://192.88.98.1/app/secret-key' });
    expect(made.status).toBe(201);
    const output = schemas.output.parse(made.body);
    expect(made.headers.get('location')).toBe(`${PATH}/${output.id}`);
    expect(output).toMatchObject({ type: 'rtmp', url: 'rtmp://192.88.98.1:1935/app/…' });
    expect(JSON.stringify(made.body)).not.toContain('secret-key');
    const listed = schemas.outputs.parse(await (await server.api('GET', PATH)).json());
    expect(listed.outputs.map(({ id }) => id)).toEqual([output.id]);
    // This server has no ffmpeg.
    const seen = schemas.output.parse(await (await server.api('GET', `${PATH}/${output.id}`)).json());
    expect(seen).toMatchObject({ state: 'failed', error: 'the ffmpeg of this server cannot send RTMP' });
    expect((await server.api('DELETE', `${PATH}/${output.id}`)).status).toBe(204);
    expect((await server.api('DELETE', `${PATH}/${output.id}`)).status).toBe(404);
    expect((await server.api('GET', `${PATH}/${output.id}`)).status).toBe(404);
  });

  test.each([
    [{ type: 'rtmp', url: 'rtmp://127.0.0.1/app/key' }, 'url-refused', /private network/],
    [{ type: 'rtmp', url: 'rtmp://[::ffff:10.0.0.1]/app/key' }, 'url-refused', /private network/],
    [{ type: 'whip', url: 'http://169.254.169.254/latest/meta-data' }, 'url-refused', /private network/],
    [{ type: 'whip', url: 'http://localhost:8080/whip/x' }, 'url-refused', /private network/],
    [{ type: 'srt', url: 'srt://0.0.0.0:9000' }, 'url-refused', /private network/],
    [{ type: 'rtmp', url: 'file:///etc/passwd' }, 'url-refused', /has to begin with rtmp/],
    [{ type: 'rtmp', url: 'rtmp://a.example/app/k|[f=flv]file:x' }, 'url-refused', /character/],
    [{ type: 'rtmp', url: 'rtmp://a.example/app/k\nfile:x' }, 'url-refused', /line break/],
    [{ type: 'rtmp' }, 'invalid-request', /url: needed/],
    [{ type: 'rtmp', url: 'rtmp://a.example/b/c', access: 'token' }, 'invalid-request', /access/],
    [{ type: 'rtmp', url: 'rtmp://a.example/b/c', token: 'x' }, 'invalid-request', /token/],
    [{ type: 'whip', url: 'https://a.example/b', token: 'a\r\nb' }, 'invalid-request', /token/],
    [{ type: 'hls', url: 'https://a.example/' }, 'invalid-request', /url/],
    [{ type: 'ftp', url: 'ftp://a.example/' }, 'invalid-request', /type/],
    [{ type: 'hls', colour: 'red' }, 'invalid-request', /colour/],
  ])('refuses %j', async (body, code, detail) => {
    const { status, body: problem } = await post(body);
    expect([status, problem.code]).toEqual([422, code]);
    expect(problem.detail).toMatch(detail);
  });

  test('without an ffmpeg there is no HLS, and says so', async () => {
    const { status, body } = await post({ type: 'hls' });
    expect([status, body.code]).toEqual([503, 'cannot-output']);
  });

  test('of a room have an end', async () => {
    const url = 'rtmp://192.88.98.1/app/key';
    let status = 201;
    for (let count = 0; count < 30 && status === 201; count++)
      ({ status } = await post({ type: 'rtmp', url }));
    expect(status).toBe(409);
  });
});

describe('HLS paths', () => {
  test.each([
    '/hls/hall/index.m3u8',
    '/hls/hall/guess/index.m3u8',
    '/hls/nowhere/index.m3u8',
    '/hls/hall/..%2f..%2fetc%2fpasswd',
    '/hls/hall/%00',
    '/hls/hall/%2e%2e/index.m3u8',
    '/hls/hall/a/b/c',
  ])('%s is not there', async (path) => {
    const response = await fetch(server.base + path);
    expect(response.status).toBe(404);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('are open to pages of any origin', async () => {
    const response = await fetch(`${server.base}/hls/hall/index.m3u8`);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });

  test('a segment number that is none', async () => {
    const response = await fetch(`${server.base}/hls/hall/picture.m3u8?_HLS_msn=-1`);
    expect(response.status).toBe(400);
  });
});
