/** Uploads as they come over real sockets: slow, silent, too many, too long. */

import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Library } from '../../../src/library/library.ts';
import type { UploadLimits } from '../../../src/library/places.ts';
import { until } from '../../harness/until.ts';
import { API_KEY, startTestServer, type TestServer } from './testServer.ts';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startTestServer();
  folder = join(server.data, 'media');
});
afterAll(() => server.stop());

let made = 0;
let room: string;
const senders: Sender[] = [];
beforeEach(() => {
  made += 1;
  room = `u${made}`;
});
afterEach(() => {
  for (const sender of senders.splice(0)) sender.close();
});

function open(uploads: Partial<UploadLimits>, maxBytes = 100e6): void {
  server.rooms.library = new Library({ folder, maxBytes, maxShelfBytes: 1e9, lowWaterBytes: 0, uploads });
  for (const id of [room, `${room}-b`]) server.rooms.create({ id });
}

/** Sends a file as slowly as it is told to, and keeps what is answered. */
class Sender {
  readonly #socket: Socket;
  #answer = '';
  #feeding: NodeJS.Timeout | undefined;
  sent = 0;

  constructor(to: string, name: string, length = 50_000_000) {
    this.#socket = connect(server.port, '127.0.0.1');
    this.#socket.on('data', (text) => {
      this.#answer += text;
    });
    this.#socket.on('error', () => {});
    this.#socket.write(
      `POST /api/rooms/${to}/assets?name=${name} HTTP/1.1\r\nHost: localhost\r\n` +
        `Authorization: Bearer ${API_KEY}\r\nContent-Length: ${length}\r\n\r\nID3`,
    );
    senders.push(this);
  }

  /** @param bytes each 5 ms */
  feed(bytes: number): this {
    this.#feeding = setInterval(() => {
      this.#socket.write(Buffer.alloc(bytes));
      this.sent += bytes;
    }, 5);
    return this;
  }

  /** As fast as they are taken, until the other side answers. */
  async flood(): Promise<void> {
    const chunk = Buffer.alloc(64 * 1024);
    while (this.#answer === '' && !this.#socket.destroyed) {
      this.sent += chunk.length;
      await new Promise((resolve) => this.#socket.write(chunk, resolve));
    }
  }

  async answer(): Promise<{ status: number; retryAfter: string | undefined; code: string; detail: string }> {
    const body = () => /\r\n\r\n(\{.*\})$/s.exec(this.#answer)?.[1];
    const { code, detail } = JSON.parse(await until('there is an answer', body));
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(this.#answer)?.[1]);
    return { status, retryAfter: /^Retry-After: (\d+)/im.exec(this.#answer)?.[1], code, detail };
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  close(): void {
    clearInterval(this.#feeding);
    this.#socket.destroy();
  }
}

const send = (to: string, name: string) =>
  fetch(`${server.base}/api/rooms/${to}/assets?name=${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}` },
    body: new Uint8Array(Buffer.concat([Buffer.from('ID3'), Buffer.alloc(1000)])),
  });

/** Files of a room as they lie on the disk, unfinished ones as `…`. */
function onDisk(of: string): string[] {
  try {
    return readdirSync(join(folder, '.rooms', of)).map((name) => (name.startsWith('.') ? '…' : name));
  } catch {
    return [];
  }
}

const begun = (of: string, count: number) =>
  until(`${count} uploads have begun`, () => onDisk(of).filter((name) => name === '…').length === count);

describe('slow uploads', () => {
  test('that hold all places of a room give way to the next, the slowest first', async () => {
    open({ windowMs: 200, minKbps: 0, fairKbps: 10_000 });
    const slow = [10, 100, 100, 100].map((bytes, n) => new Sender(room, `slow${n}.mp3`).feed(bytes));
    await begun(room, 4);
    const next = () => send(room, 'next.mp3').then(({ status }) => status === 201);
    await until('the next has a place', next);
    expect(await slow[0]!.answer()).toEqual({
      ...{ status: 408, retryAfter: '5', code: 'too-slow' },
      detail: expect.stringMatching(/^the upload was ended: it came at \d+ kbit\/s only while others waited/),
    });
    await until('what came of it is gone', () => onDisk(room).filter((name) => name === '…').length === 3);
    expect(onDisk(room)).toContain('next.mp3');
  });

  test('below the least rate, and silent ones, end by themselves and are told why', async () => {
    open({ windowMs: 600, minKbps: 200, idleMs: 300 });
    const [silent, slow, good] = [
      new Sender(room, 'silent.mp3'),
      new Sender(room, 'slow.mp3').feed(5),
      new Sender(room, 'good.mp3').feed(5000),
    ];
    expect(await silent.answer()).toMatchObject({
      ...{ status: 408, retryAfter: '5', code: 'too-slow' },
      detail: expect.stringMatching(/nothing came for 0.3 s/),
    });
    expect(await slow.answer()).toMatchObject({
      ...{ status: 408, retryAfter: '5', code: 'too-slow' },
      detail: expect.stringMatching(/\d+ kbit\/s came, 200 are the least; send it again over a faster/),
    });
    await until('only the good one goes on', () => onDisk(room).length === 1);
    const before = good.sent;
    await until('it does', () => good.sent > before + 100_000);
    expect(onDisk(room)).toEqual(['…']);
  });
});

describe('too many uploads', () => {
  test('into one room are refused with a time to wait, and leave places for other rooms', async () => {
    open({ maxPerShelf: 2 });
    const fast = [0, 1].map((n) => new Sender(room, `fast${n}.mp3`).feed(20_000));
    await begun(room, 2);
    const refused = await new Sender(room, 'third.mp3').answer();
    expect(refused).toEqual({
      ...{ status: 429, retryAfter: '5', code: 'too-many-uploads' },
      detail: '2 files are being taken in by this room; try again when one of them has come',
    });
    expect((await send(`${room}-b`, 'other.mp3')).status).toBe(201);
    fast[0]!.close();
    await begun(room, 1);
    expect((await send(room, 'third.mp3')).status).toBe(201);
  });
});

describe('who still sends when the answer is known', () => {
  test('reads it, and has the rest thrown away', async () => {
    open({}, 1_000_000);
    const large = new Sender(room, 'large.mp3', 200_000_000);
    await large.flood();
    expect(await large.answer()).toMatchObject({ status: 413, code: 'too-large' });
    expect(large.sent).toBeGreaterThan(1_000_000);
    await until('nothing is left of it', () => onDisk(room).length === 0);
  });

  test('is cut off after a while', async () => {
    open({ maxPerShelf: 0 });
    const endless = new Sender(room, 'endless.mp3').feed(1000);
    expect((await endless.answer()).status).toBe(429);
    await until('the connection is closed', () => endless.isClosed, { timeoutMs: 9000 });
  }, 15_000);
});
