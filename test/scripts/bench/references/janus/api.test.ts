import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { JanusSession } from '../../../../../scripts/bench/references/janus/api.ts';

type Message = Record<string, unknown> & { transaction: string };

/** Speaks Janus' HTTP API as far as the client uses it: acknowledgements, and events by a long poll. */
let server: Server;
let url: string;
let asked: Message[];
let waiting: ServerResponse | undefined;
let answer: (message: Message) => unknown;

const event = (message: unknown) => waiting?.end(JSON.stringify([message]));

beforeEach(async () => {
  asked = [];
  waiting = undefined;
  answer = () => ({ janus: 'ack' });
  server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      waiting = response;
      return;
    }
    let text = '';
    for await (const chunk of request) text += chunk;
    const message = JSON.parse(text) as Message;
    asked.push(message);
    const isMade = message.janus === 'create' || message.janus === 'attach';
    response.end(JSON.stringify(isMade ? { janus: 'success', data: { id: 7 } } : answer(message)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}/janus`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('Janus’ API', () => {
  test('a request that is acknowledged is answered by its event, whatever comes between', async () => {
    const session = await JanusSession.open(url);
    const handle = await session.attach('videoroom');
    answer = ({ transaction }) => {
      setTimeout(() => {
        event({ janus: 'webrtcup' });
        setTimeout(() => {
          const plugindata = { data: { videoroom: 'joined', id: 42 } };
          event({ janus: 'event', transaction, plugindata, jsep: { type: 'answer', sdp: 'v=0' } });
        }, 20);
      }, 20);
      return { janus: 'ack' };
    };
    const { data, jsep } = await handle.ask({ request: 'join' }, { type: 'offer', sdp: 'x' });
    expect(data.id).toBe(42);
    expect(jsep).toEqual({ type: 'answer', sdp: 'v=0' });
    expect(asked.at(-1)).toMatchObject({ janus: 'message', body: { request: 'join' }, jsep: { sdp: 'x' } });
    await session.close();
  });

  test('a request that is answered at once waits for no event', async () => {
    const session = await JanusSession.open(url);
    const handle = await session.attach('videoroom');
    answer = () => ({ janus: 'success', plugindata: { data: { videoroom: 'created' } } });
    expect((await handle.ask({ request: 'create' })).data).toEqual({ videoroom: 'created' });
    await session.close();
  });

  test('what Janus refuses is an error with its reason', async () => {
    const session = await JanusSession.open(url);
    const handle = await session.attach('videoroom');
    answer = () => ({ janus: 'success', plugindata: { data: { error: 'No such room' } } });
    await expect(handle.ask({ request: 'join' })).rejects.toThrow('No such room');
    answer = () => ({ janus: 'error', error: { code: 458, reason: 'No such session' } });
    await expect(handle.ask({ request: 'join' })).rejects.toThrow('No such session (458)');
    await session.close();
  });

  test('a session that Janus has forgotten keeps nobody waiting, then or later', async () => {
    const session = await JanusSession.open(url);
    const handle = await session.attach('videoroom');
    answer = () => {
      answer = () => ({ janus: 'ack' });
      setTimeout(() => event({ janus: 'error', error: { code: 458, reason: 'No such session' } }), 20);
      return { janus: 'ack' };
    };
    for (let time = 0; time < 2; time++) {
      await expect(handle.ask({ request: 'join' })).rejects.toThrow('No such session (458)');
    }
    await session.close();
  });

  test('who still waits when the session closes is told', async () => {
    const session = await JanusSession.open(url);
    const handle = await session.attach('videoroom');
    const never = handle.ask({ request: 'join' });
    const failed = expect(never).rejects.toThrow('the session is closed');
    while (asked.at(-1)?.janus !== 'message') await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await session.close();
    await failed;
    await session.close();
  });
});
