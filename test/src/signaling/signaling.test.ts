import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { MAX_MESSAGE_BYTES, PROTOCOL } from '../../../src/signaling/messages.ts';
import { startTestServer, type TestServer } from '../http/testServer.ts';

let server: TestServer;
const opened: WebSocket[] = [];
beforeAll(async () => {
  server = await startTestServer(
    { ROSTRUM_ORIGINS: 'https://friend.example', ROSTRUM_ICE_SERVERS: '[{"urls":"stun:s.example"}]' },
    { signalingLimits: { joinTimeoutMs: 300, pingIntervalMs: 100, maxSockets: 50 } },
  );
  server.rooms.create({ id: 'demo' });
});
afterAll(() => server.stop());
afterEach(() => {
  for (const socket of opened.splice(0)) socket.terminate();
});

const isPresent = (id: string) =>
  server.rooms
    .get('demo')
    .participants()
    .some((one) => one.id === id);

/** When the server has noticed that somebody is not there any more. */
async function gone(id: string): Promise<void> {
  const endMs = performance.now() + 4000;
  while (isPresent(id) && performance.now() < endMs) await setImmediate();
  expect(isPresent(id)).toBe(false);
}

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely here.
type Message = any;

interface Client {
  socket: WebSocket;
  send(message: unknown): void;
  /** The next message that `matches`; those before it are passed over. */
  next(matches?: (message: Message) => boolean): Promise<Message>;
  closed: Promise<{ code: number; reason: string }>;
}

async function open(headers: Record<string, string> = {}): Promise<Client> {
  const socket = new WebSocket(`${server.base.replace('http', 'ws')}/ws`, PROTOCOL, { headers });
  opened.push(socket);
  const arrived: Message[] = [];
  let wake = () => {};
  socket.on('message', (raw) => {
    arrived.push(JSON.parse(raw.toString()));
    wake();
  });
  const closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
  await once(socket, 'open');
  return {
    socket,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async next(matches = () => true) {
      for (;;) {
        const at = arrived.findIndex(matches);
        if (at >= 0) return arrived.splice(0, at + 1).at(-1);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

async function join(role: 'host' | 'co-host' | 'panelist' | 'viewer') {
  const client = await open();
  client.send({ id: 0, type: 'join', token: await server.token(role) });
  const answer = await client.next((message) => message.re === 0);
  return { ...client, answer, id: answer.you.id as string };
}

const handshake = (headers: Record<string, string>, protocols: string[] = [PROTOCOL], path = '/ws') => {
  const socket = new WebSocket(server.base.replace('http', 'ws') + path, protocols, { headers });
  return new Promise<number>((resolve) => {
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode!);
      response.resume();
    });
    socket.on('error', () => {});
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
  });
};

describe('the handshake', () => {
  test('is open to programs, the own page and listed origins only', async () => {
    expect(await handshake({})).toBe(101);
    expect(await handshake({ origin: server.base })).toBe(101);
    expect(await handshake({ origin: 'https://friend.example' })).toBe(101);
    for (const origin of ['https://evil.example', 'null', 'file://', `${server.base}.evil.example`, 'x']) {
      expect([origin, await handshake({ origin })]).toEqual([origin, 403]);
    }
  });

  test('wants the subprotocol and the path', async () => {
    expect(await handshake({}, [])).toBe(400);
    expect(await handshake({}, ['rostrum.v0'])).toBe(400);
    expect(await handshake({}, ['rostrum.v0', PROTOCOL])).toBe(101);
    expect(await handshake({}, [PROTOCOL], '/other')).toBe(404);
  });

  test('that is no WebSocket at all is refused and ends', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n');
    socket.write(`Sec-WebSocket-Protocol: ${PROTOCOL}\r\n\r\n`);
    const [chunk] = await once(socket, 'data');
    expect(String(chunk)).toMatch(/^HTTP\/1\.1 400/);
    socket.destroy();
  });
});

describe('joining', () => {
  test('answers with all there is to know, before any event', async () => {
    const client = await open();
    client.send({ id: 'j', type: 'join', token: await server.token('panelist') });
    const first = await client.next();
    expect(first).toMatchObject({
      re: 'j',
      you: { name: 'Ada', role: 'panelist' },
      room: { id: 'demo' },
      iceServers: [{ urls: 'stun:s.example' }],
    });
    expect(first.participants).toHaveLength(1);
    expect(await client.next()).toMatchObject({ type: 'participants' });
    client.send({ id: 2, type: 'join', token: await server.token('host') });
    expect((await client.next()).error.code).toBe('invalid-request');
  });

  test('must come first and in time', async () => {
    const client = await open();
    client.send({ id: 1, type: 'hand', raised: true });
    expect(await client.next()).toMatchObject({
      re: 1,
      error: { code: 'unauthorized', detail: 'the first message is join; send it with a token' },
    });
    expect(await client.closed).toEqual({ code: 1008, reason: 'no join in time' });
  });

  test('with a token that is worth nothing is an error that says why', async () => {
    const client = await open();
    const removed = await server.token('viewer');
    const { participant } = await server.tokens.verify(removed);
    const seen = await open();
    seen.send({ id: 1, type: 'join', token: removed });
    await seen.next();
    await server.api('DELETE', `/api/rooms/demo/participants/${participant}`);
    expect(await seen.next((message) => message.type === 'ended')).toEqual({
      type: 'ended',
      reason: 'removed',
    });
    expect((await seen.closed).code).toBe(1000);

    const tries = [
      ['x', 'unauthorized'],
      [await server.token('host', 'demo', -10), 'unauthorized'],
      [await server.token('host', 'nowhere'), 'no-such-room'],
      [removed, 'unauthorized'],
    ];
    for (const [token, code] of tries) {
      client.send({ id: 1, type: 'join', token });
      expect((await client.next()).error.code).toBe(code);
    }
  });

  test('ends with leave, and then the person is gone', async () => {
    const client = await join('panelist');
    client.send({ id: 5, type: 'leave' });
    expect(await client.next((message) => message.re === 5)).toEqual({ re: 5 });
    expect(await client.closed).toEqual({ code: 1000, reason: 'left' });
    expect(
      server.rooms
        .get('demo')
        .participants()
        .map((one) => one.id),
    ).not.toContain(client.id);
  });
});

describe('messages', () => {
  test('each does what it says', async () => {
    const host = await join('host');
    const panelist = await join('panelist');
    const ask = async (client: Client, message: object) => {
      client.send({ ...message, id: 'a' });
      return client.next((answer) => answer.re === 'a');
    };
    const person = () =>
      server.rooms
        .get('demo')
        .participants()
        .find((one) => one.id === panelist.id);

    expect(await ask(panelist, { type: 'state', audio: 'muted' })).toEqual({ re: 'a' });
    expect(await ask(panelist, { type: 'hand', raised: true })).toEqual({ re: 'a' });
    expect(person()).toMatchObject({ audio: 'muted', handRaised: true });

    expect((await ask(host, { type: 'set-room', title: ' All\nhands ' })).room.title).toBe('All hands');
    const changed = await ask(host, { type: 'set-participant', participant: panelist.id, video: 'muted' });
    expect(changed.participant).toMatchObject({ id: panelist.id, video: 'muted' });
    expect((await ask(host, { type: 'set-room', layout: 'spiral' })).error.code).toBe('invalid-request');

    const { url } = await ask(host, { type: 'invite', role: 'viewer', name: 'Bob' });
    const [link, token] = url.split('#');
    expect(link).toBe(`${server.base}/r/demo`);
    expect(await server.tokens.verify(token)).toMatchObject({ role: 'viewer', name: 'Bob' });

    expect(await ask(host, { type: 'remove', participant: panelist.id })).toEqual({ re: 'a' });
    expect(await panelist.next((message) => message.type === 'ended')).toEqual({
      type: 'ended',
      reason: 'removed',
    });
    expect((await ask(host, { type: 'remove', participant: panelist.id })).error.code).toBe(
      'no-such-participant',
    );
  });

  const nobodys = { participant: 'p-none' };
  test.each([
    ['hand', { raised: true }, ['host', 'co-host', 'panelist', 'viewer']],
    ['state', { audio: 'on' }, ['host', 'co-host', 'panelist']],
    ['set-room', { live: true }, ['host', 'co-host']],
    ['set-participant', { ...nobodys, audio: 'on' }, ['host', 'co-host']],
    ['remove', nobodys, ['host', 'co-host']],
    ['invite', { role: 'viewer', name: 'x' }, ['host', 'co-host']],
    ['start-recording', { format: 'webm' }, ['host', 'co-host']],
    ['set-recording', { recording: 'none', state: 'paused' }, ['host', 'co-host']],
    ['recordings', {}, ['host', 'co-host']],
  ])('%s is for %j and nobody else', async (type, fields, may) => {
    for (const role of ['host', 'co-host', 'panelist', 'viewer'] as const) {
      const client = await join(role);
      client.send({ ...fields, type, id: 9 });
      const { error } = await client.next((message) => message.re === 9);
      expect([role, error?.code === 'forbidden']).toEqual([role, !may.includes(role)]);
    }
  });

  test('a co-host cannot turn on the host', async () => {
    const host = await join('host');
    const coHost = await join('co-host');
    for (const message of [{ type: 'remove' }, { type: 'set-participant', audio: 'muted' }]) {
      coHost.send({ ...message, id: 3, participant: host.id });
      expect((await coHost.next((answer) => answer.re === 3)).error.code).toBe('forbidden');
    }
  });
});

describe('hostile clients', () => {
  test('junk is answered, and the connection goes on', async () => {
    const { send, next } = await join('viewer');
    const junk = [
      'x',
      '',
      '[]',
      'null',
      '1',
      '{"type":1}',
      '{"type":"__proto__"}',
      '{"type":"constructor"}',
      '{"type":"hand","raised":true,"__proto__":{"x":1}}',
      '{"type":"hand","raised":"yes"}',
      '{"type":"hand","raised":true,"more":1}',
      `{"id":"${'x'.repeat(100)}","type":"hand","raised":true}`,
      `${'['.repeat(10_000)}`,
    ];
    for (const text of junk) {
      send(text);
      const answer = await next((message) => message.error);
      expect(['malformed-json', 'invalid-request']).toContain(answer.error.code);
      expect(answer.error.detail.length).toBeLessThan(700);
    }
    send({ id: 1, type: 'hand', raised: true });
    expect(await next((message) => message.re === 1)).toEqual({ re: 1 });
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  test('binary messages and frames over the limit', async () => {
    const client = await join('viewer');
    client.socket.send(Buffer.from([1, 2, 3]), { binary: true });
    expect((await client.next((message) => message.error)).error.detail).toBe('messages are text');
    client.send('x'.repeat(MAX_MESSAGE_BYTES + 1));
    expect((await client.closed).code).toBe(1009);
  });

  test('a thousand messages at once: closed, the others are well', async () => {
    const other = await join('viewer');
    const client = await join('viewer');
    for (let i = 0; i < 1000; i++) client.send({ type: 'hand', raised: true });
    expect(await client.closed).toEqual({ code: 1008, reason: 'too many messages' });
    other.send({ id: 1, type: 'hand', raised: false });
    expect(await other.next((message) => message.re === 1)).toEqual({ re: 1 });
  });

  test('who answers no ping is cut off', async () => {
    const client = await join('viewer');
    client.socket.pause();
    await gone(client.id);
    client.socket.resume();
    expect((await client.closed).code).toBe(1006);
  });

  test('who never reads is cut off, with bounded memory', async () => {
    const client = await join('viewer');
    client.socket.pause();
    const notice = { type: 'notice', code: 'x', detail: 'y'.repeat(200_000) } as const;
    let sent = 0;
    while (isPresent(client.id) && sent < 1000) {
      server.rooms.tell('demo', { ...notice });
      sent += 1;
      await setImmediate();
    }
    // The kernel's buffers take some megabytes; 1000 would be 200.
    expect(sent).toBeLessThan(200);
  });
});
