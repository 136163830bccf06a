import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocket as NodeSocket, type WebSocket as Peer, WebSocketServer } from 'ws';
import type { Problem } from '../../../web/src/media/problem.ts';
import { Channel } from '../../../web/src/signaling/channel.ts';

type Message = Record<string, unknown>;
type Reply = (message: Message, peer: Peer) => void;

const socketClass = NodeSocket as unknown as typeof WebSocket;
const error = (code: string) => ({ error: { code, title: code, detail: 'why' } });
const say = (peer: Peer, message: object) => peer.send(JSON.stringify(message));
const welcome: Reply = (message, peer) =>
  say(peer, { re: message.id, you: {}, room: {}, participants: [], iceServers: [] });

let server: WebSocketServer;
let port: number;
let reply: Reply;
let peers: Peer[];
let channel: Channel;
let log: string[];
let logged: () => void;

async function listen(): Promise<void> {
  server = new WebSocketServer({
    host: '127.0.0.1',
    port,
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  server.on('connection', (peer) => {
    peers.push(peer);
    peer.on('message', (text) => reply(JSON.parse(String(text)), peer));
  });
  await new Promise((resolve) => server.once('listening', resolve));
  port = (server.address() as AddressInfo).port;
}

async function shut(): Promise<void> {
  for (const peer of peers) peer.terminate();
  await new Promise((resolve) => server.close(resolve));
}

function open(): void {
  const write = (line: string) => {
    log.push(line);
    logged();
  };
  channel = new Channel(
    `ws://127.0.0.1:${port}`,
    'tok',
    {
      joined: () => write('joined'),
      event: ({ type }) => write(type),
      lost: (attempt) => write(`lost ${attempt}`),
      refused: ({ code }: Problem) => write(`refused ${code}`),
    },
    socketClass,
  );
}

const until = (line: string) =>
  new Promise<void>((resolve) => {
    const check = () => log.includes(line) && resolve();
    logged = check;
    check();
  });

beforeEach(async () => {
  [port, peers, log] = [0, [], []];
  logged = () => {};
  reply = welcome;
  await listen();
});

afterEach(async () => {
  channel.close();
  await shut();
});

describe('Channel', () => {
  test('joins with the token over the subprotocol, then hears events and answers', async () => {
    reply = (message, peer) => {
      expect(peer.protocol).toBe('rostrum.v1');
      if (message.type === 'join') {
        expect(message.token).toBe('tok');
        welcome(message, peer);
        say(peer, { type: 'room', room: {} });
      } else say(peer, { re: message.id, url: `for ${message.name}` });
    };
    open();
    await until('room');
    expect(log).toEqual(['joined', 'room']);
    expect(await channel.request('invite', { role: 'viewer', name: 'Ana' })).toMatchObject({
      url: 'for Ana',
    });
  });

  test('a refused request rejects in the server’s words and leaves the channel open', async () => {
    reply = (message, peer) =>
      message.type === 'join' ? welcome(message, peer) : say(peer, { re: message.id, ...error('forbidden') });
    open();
    await until('joined');
    await expect(channel.request('remove', { participant: 'x' })).rejects.toMatchObject({
      code: 'forbidden',
      detail: 'why',
    });
    expect(log).toEqual(['joined']);
  });

  test('a token that is not taken ends it for good', async () => {
    reply = (message, peer) => say(peer, { re: message.id, ...error('unauthorized') });
    open();
    await until('refused unauthorized');
    await expect(channel.request('leave', {})).rejects.toMatchObject({ code: 'unreachable' });
    channel.retryNow();
    expect(peers).toHaveLength(1);
  });

  test('a server that is full is asked again', async () => {
    reply = (message, peer) =>
      peers.length === 1 ? say(peer, { re: message.id, ...error('full') }) : welcome(message, peer);
    open();
    await until('joined');
    expect(log).toEqual(['lost 0', 'joined']);
  });

  test('a restarted server is joined again within two seconds; what was asked meanwhile fails', async () => {
    reply = (message, peer) => message.type === 'join' && welcome(message, peer);
    open();
    await until('joined');
    const asked = channel.request('hand', { raised: true });
    await shut();
    await expect(asked).rejects.toMatchObject({ code: 'unreachable' });
    log = [];
    peers = [];
    await listen();
    const since = performance.now();
    await until('joined');
    expect(performance.now() - since).toBeLessThan(2000);
  });

  test('a restarted server that does not know the room yet is asked again', async () => {
    open();
    await until('joined');
    let refusals = 0;
    reply = (message, peer) =>
      refusals++ < 1 ? say(peer, { re: message.id, ...error('no-such-room') }) : welcome(message, peer);
    log = [];
    for (const peer of peers) peer.terminate();
    await until('joined');
    expect(log).toEqual(['lost 0', 'lost 1', 'joined']);
  });

  test('renewing replaces a connection that only seems to live', async () => {
    open();
    await until('joined');
    log = [];
    channel.renew();
    await until('joined');
    expect(peers).toHaveLength(2);
    expect(log).toEqual(['joined']);
  });

  test('junk from the server does no harm', async () => {
    reply = (message, peer) => {
      for (const junk of ['{', 'null', '{"re":99}', '{"type":"unheard-of"}']) peer.send(junk);
      welcome(message, peer);
    };
    open();
    await until('joined');
    expect(log).toEqual(['joined']);
  });

  test('closing says goodbye once and reports nothing more', async () => {
    const said: unknown[] = [];
    open();
    await until('joined');
    const gone = new Promise((resolve) => peers[0]!.once('close', resolve));
    reply = (message) => void said.push(message.type);
    channel.close();
    channel.close();
    await gone;
    expect(said).toEqual(['leave']);
    expect(log).toEqual(['joined']);
  });
});
