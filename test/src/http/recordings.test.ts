/** Files of recordings over HTTP, as a store of the past gives them. */

import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createFileLinks } from '../../../src/access/fileLinks.ts';
import { RecordingStore } from '../../../src/egress/recording/store.ts';
import { SECRET, startTestServer, type TestServer } from './testServer.ts';

const id = 'demo-20261120T100000-0123456789ab';
const name = `${id}.mp4`;
const path = `/api/recordings/${id}/files/${name}`;
const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 256));
const sha256 = createHash('sha256').update(bytes).digest('hex');
const log = { info() {}, warn() {}, error() {} };

let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await startTestServer();
  folder = join(server.data, 'recordings');
  mkdirSync(join(folder, id), { recursive: true });
  writeFileSync(join(folder, id, name), bytes);
  writeFileSync(join(server.data, 'secret.mp4'), 'not for the web');
  const file = { name, bytes: bytes.length, type: 'video/mp4', sha256 };
  const at = '2026-11-20T10:00:00.000Z';
  const lines = [
    { event: 'started', id, room: 'demo', format: 'mp4', startedAt: at },
    { event: 'over', state: 'finished', reason: null, durationMs: 5000, endedAt: at, files: [file] },
  ];
  writeFileSync(join(folder, id, 'journal.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
  const settings = { folder, lowWaterBytes: 0, retentionDays: 0, keyFrameIntervalMs: 4000 };
  const store = new RecordingStore({
    ...settings,
    log,
    nowUs: () => 0,
    ffmpeg: () => Promise.reject(new Error()),
  });
  await store.open();
  server.rooms.recordings = store;
});

afterAll(async () => {
  await server.stop();
});

const fetched = (headers: Record<string, string> = {}) => server.api('GET', path, undefined, headers);

describe('a recorded file', () => {
  test('comes whole, with its checksum, and is not sent to who has it', async () => {
    const whole = await fetched();
    expect(whole.status).toBe(200);
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(bytes);
    expect(whole.headers.get('etag')).toBe(`"${sha256}"`);
    const digest = Buffer.from(sha256, 'hex').toString('base64');
    expect(whole.headers.get('repr-digest')).toBe(`sha-256=:${digest}:`);
    expect(whole.headers.get('accept-ranges')).toBe('bytes');
    expect(await rawStatus(path, { 'if-none-match': `"${sha256}"` })).toBe(304);
    const head = await server.api('HEAD', path);
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '1000']);
  });

  test('comes in parts', async () => {
    const part = await fetched({ range: 'bytes=100-299' });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe('bytes 100-299/1000');
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(100, 300));
    const beyond = await fetched({ range: 'bytes=1000-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */1000']);
    expect(await beyond.json()).toMatchObject({ code: 'range-refused' });
    expect((await fetched({ range: 'bytes=0-9', 'if-range': `"${sha256}"` })).status).toBe(206);
    expect((await fetched({ range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200);
  });

  test('is read by link, as long as that holds and for nothing else', async () => {
    const links = createFileLinks(SECRET);
    const link = links.sign(path);
    expect((await fetch(server.base + link)).status).toBe(200);
    expect((await fetch(`${server.base + link}&download`)).headers.get('content-disposition')).toBe(
      `attachment; filename="${name}"`,
    );
    const past = createFileLinks(SECRET, () => Date.now() - 7 * 3600_000).sign(path);
    const foreign = createFileLinks('another secret of some length').sign(path);
    const moved = link.replace(path, `${path}x`);
    const longer = link.replace(/expires=\d+/, 'expires=99999999999');
    for (const wrong of [past, foreign, moved, longer, `${path}?signature=`, `${path}?expires=1`, path]) {
      expect([wrong, (await fetch(server.base + wrong)).status]).toEqual([wrong, 401]);
    }
  });

  test('is closed to join tokens', async () => {
    const token = await server.token('host');
    expect((await fetched({ authorization: `Bearer ${token}` })).status).toBe(401);
  });
});

/** Sends path and headers as they are; fetch would tidy them up. */
function rawStatus(rawPath: string, more: Record<string, string> = {}): Promise<number> {
  const headers = { authorization: 'Bearer a-test-api-key', ...more };
  return new Promise((resolve, reject) => {
    const asked = request({ port: server.port, host: '127.0.0.1', path: rawPath, headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    asked.on('error', reject).end();
  });
}

test.each([
  `/api/recordings/${id}/files/../../../secret.mp4`,
  `/api/recordings/${id}/files/..%2f..%2f..%2fsecret.mp4`,
  `/api/recordings/${id}/files/%2e%2e%2f%2e%2e%2fsecret.mp4`,
  `/api/recordings/${id}/files/%2fetc%2fpasswd`,
  `/api/recordings/${id}/files/${name}%00`,
  `/api/recordings/${id}/files/journal.jsonl`,
  `/api/recordings/..%2f/files/secret.mp4`,
  `/api/recordings/__proto__/files/constructor`,
  `/api/recordings/${id}/files/%`,
])('%s leads nowhere', async (rawPath) => {
  expect(await rawStatus(rawPath)).toBe(404);
});

test('a link that stands where a file was is not followed, and a file that is gone is 404', async () => {
  const place = join(folder, id, name);
  renameSync(place, `${place}.away`);
  expect(await rawStatus(path)).toBe(404);
  symlinkSync(join(server.data, 'secret.mp4'), place);
  expect(await rawStatus(path)).toBe(404);
  renameSync(`${place}.away`, place);
  expect(await rawStatus(path)).toBe(200);
});

test('the list holds recordings of rooms that are gone; unknown rooms and recordings are 404', async () => {
  const listed = (await (await server.api('GET', '/api/rooms/demo/recordings')).json()) as {
    recordings: object[];
  };
  expect(listed.recordings).toEqual([
    expect.objectContaining({ id, state: 'finished', durationMs: 5000, bytes: 1000 }),
  ]);
  expect((await server.api('GET', '/api/rooms/nowhere/recordings')).status).toBe(404);
  expect((await server.api('GET', '/api/recordings/none')).status).toBe(404);
  expect((await server.api('PATCH', `/api/recordings/${id}`, { state: 'paused' })).status).toBe(409);
  expect((await server.api('PATCH', `/api/recordings/${id}`, { state: 'finished' })).status).toBe(200);
  expect((await server.api('PATCH', `/api/recordings/${id}`, { state: 'gone' })).status).toBe(422);
  expect((await server.api('DELETE', `/api/recordings/${id}`)).status).toBe(204);
  expect((await server.api('DELETE', `/api/recordings/${id}`)).status).toBe(404);
});
