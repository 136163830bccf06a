import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestServer, type TestServer } from './testServer.ts';

const folder = mkdtempSync(join(tmpdir(), 'rostrum-page-'));
const SCRIPT = `export const long = '${'x'.repeat(4000)}';`;
let server: TestServer;
beforeAll(async () => {
  mkdirSync(join(folder, 'dist/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'outside');
  writeFileSync(join(folder, 'dist/index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(folder, 'dist/assets/index-abc.js'), SCRIPT);
  writeFileSync(join(folder, 'dist/.built'), 'a stamp');
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'dist/link.txt'));
  server = await startTestServer({}, { pageFolder: join(folder, 'dist') });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Without the tidying that `fetch` does to paths. */
function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: server.port, path, headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the page', () => {
  test.each(['/', '/r/demo', '/r/%F0%9F%8E%A4'])('%s is the index, never kept unasked', async (path) => {
    const response = await fetch(server.base + path);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toMatch('<title>page');
  });

  test('assets are kept for ever and compressed', async () => {
    const response = await fetch(`${server.base}/assets/index-abc.js`);
    expect(response.headers.get('cache-control')).toMatch('immutable');
    expect(response.headers.get('content-type')).toMatch('text/javascript');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.text()).toBe(SCRIPT);
    const plain = await fetch(`${server.base}/assets/index-abc.js`, {
      headers: { 'accept-encoding': 'identity' },
    });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe(SCRIPT);
  });

  test('an unchanged file is not sent twice', async () => {
    const etag = (await fetch(server.base)).headers.get('etag')!;
    expect(await get('/', { 'if-none-match': etag })).toEqual({ status: 304, body: '' });
    expect((await get('/', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  test('may use its devices and nothing of strangers', async () => {
    const { headers } = await fetch(server.base);
    const policy = headers.get('content-security-policy')!;
    expect(policy).toMatch("default-src 'none'");
    expect(policy).toMatch("script-src 'self';");
    expect(policy).not.toMatch('unsafe');
    expect(headers.get('permissions-policy')).toMatch(
      'camera=(self), microphone=(self), display-capture=(self)',
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });
});

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/link.txt',
  '/.built',
  '/index.html%00.js',
  '/assets/',
  '/assets\\..\\index.html',
  '/%',
  '/r/a/b',
])('%s is not found', async (path) => {
  const { status, body } = await get(path);
  expect([status, JSON.parse(body).code]).toEqual([404, 'not-found']);
});

test('a page that was not built says so', async () => {
  const bare = await startTestServer({}, { pageFolder: join(folder, 'none') });
  const response = await fetch(bare.base);
  expect([response.status, await response.text()]).toEqual([404, expect.stringMatching('npm run build')]);
  await bare.stop();
});
