import { createServer, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Ffmpeg } from '../../../../src/egress/ffmpeg/ffmpeg.ts';
import { bundledPath, findFfmpeg } from '../../../../src/egress/ffmpeg/find.ts';
import { probeFfmpeg } from '../../../../src/egress/ffmpeg/probe.ts';
import { PushOutput } from '../../../../src/egress/outputs/pushOutput.ts';
import { type PushType, parseTarget } from '../../../../src/egress/outputs/target.ts';
import { isRunning } from '../../../harness/processes.ts';
import { until } from '../../../harness/until.ts';
import { beeps, flashes } from '../events.ts';
import { FilmFeed } from '../feed.ts';
import { type Film, makeFilm } from '../film.ts';
import { freePort, Receiver } from './receiver.ts';

jest.setTimeout(60_000);

let ffmpeg: Ffmpeg;
let bundled: Ffmpeg;
let film: Film;
const nowUs = () => performance.now() * 1000;

beforeAll(async () => {
  ffmpeg = await findFfmpeg();
  bundled = await probeFfmpeg(await bundledPath(), 'bundled');
  film = await makeFilm(ffmpeg.path, 0, 10);
});

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

function push(type: PushType, url: string, program: Ffmpeg | null = ffmpeg) {
  const feed = new FilmFeed(film);
  const states: string[] = [];
  const logged: string[] = [];
  const note = (fields: object) => logged.push(JSON.stringify(fields));
  const output: PushOutput = new PushOutput({
    ...{ id: 'o-1', room: 'hall', target: parseTarget(type, url), token: null, feed, ffmpeg: program },
    ...{ soundKbps: 128, privateHosts: 'on', startedAt: '', log: { info: note, warn: note, error: note } },
    changed: () => states.push(output.view().state),
  });
  ending.push(feed.playAtPace(film, nowUs), () => output.end());
  const become = (state: string, timeoutMs = 15_000) =>
    until(`the output is ${state}`, () => output.view().state === state, { timeoutMs });
  return { feed, output, states, logged, become };
}

function receive(input: string[]): Receiver {
  const receiver = new Receiver(ffmpeg.path, input);
  ending.push(() => receiver.close());
  return receiver;
}

/** What came in has flashes and beeps, at the same moments. */
async function expectProgram(file: string, toleranceS = 0.04): Promise<void> {
  const seen = await flashes(ffmpeg.path, file);
  const heard = await beeps(ffmpeg.path, file);
  const pairs = seen.flatMap((time) => {
    const near = heard.find((other) => Math.abs(other - time) < 0.4);
    return near === undefined ? [] : [near - time];
  });
  expect(pairs.length).toBeGreaterThanOrEqual(3);
  for (const offset of pairs) expect(Math.abs(offset)).toBeLessThan(toleranceS);
}

const rtmpListener = (port: number) => [
  '-listen',
  '1',
  '-f',
  'flv',
  '-i',
  `rtmp://127.0.0.1:${port}/app/key`,
];

describe('RTMP', () => {
  test('sends the program in sync, by the bundled ffmpeg, too', async () => {
    const port = await freePort();
    const receiver = receive(rtmpListener(port));
    const { output, become } = push('rtmp', `rtmp://127.0.0.1:${port}/app/key`, bundled);
    await become('running');
    await until('some seconds came', async () => (await beeps(ffmpeg.path, receiver.file)).length >= 4, {
      timeoutMs: 20_000,
      everyMs: 500,
    });
    expect(receiver.said).toMatch(/Video: h264/);
    expect(receiver.said).toMatch(/Audio: aac.*48000 Hz, stereo/);
    const { pid } = output;
    await output.end();
    await receiver.ended;
    expect(isRunning(pid!)).toBe(false);
    await expectProgram(receiver.file);
  });

  test('a target that refuses is named as such, and tried again', async () => {
    const port = await freePort();
    const { output, states, become } = push('rtmp', `rtmp://127.0.0.1:${port}/app/very-secret`);
    await become('reconnecting');
    expect(output.view().error).toBe('the target refuses connections');
    const receiver = receive(rtmpListener(port));
    await become('running');
    expect(states).toEqual(expect.arrayContaining(['reconnecting', 'running']));
    await output.end();
    await receiver.ended;
  });

  test('a target that dies and comes back is sent to again', async () => {
    const port = await freePort();
    const first = receive(rtmpListener(port));
    const { output, logged, become } = push('rtmp', `rtmp://127.0.0.1:${port}/app/very-secret`);
    await become('running');
    await first.kill();
    await become('reconnecting');
    expect(output.view().error).toMatch(/^the target (closed|cut) the connection/);
    receive(rtmpListener(port));
    await become('running');
    expect(logged.join()).not.toContain('very-secret');
  });

  test('a killed ffmpeg is replaced', async () => {
    const port = await freePort();
    const first = receive(rtmpListener(port));
    const { output, become } = push('rtmp', `rtmp://127.0.0.1:${port}/app/key`);
    await become('running');
    const { pid } = output;
    process.kill(pid!, 'SIGKILL');
    await become('reconnecting');
    await first.ended;
    receive(rtmpListener(port));
    await become('running');
    expect(output.pid).not.toBe(pid);
  });

  test('a target that is silent is given up, and costs nothing while it is', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await until('it listens', () => server.listening);
    ending.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const { port } = server.address() as { port: number };
    const { feed, output } = push('rtmp', `rtmp://127.0.0.1:${port}/app/key`);
    await until('it was called', () => sockets.length > 0 && output.pid);
    expect(output.view().state).toBe('starting');
    const { pid } = output;
    await output.end();
    expect([output.view().state, feed.taps, isRunning(pid!)]).toEqual(['stopped', 0, false]);
  });
});

describe('SRT', () => {
  const hasSrt = () => ffmpeg.protocols.has('srt');

  test('sends the program in sync, where the ffmpeg can', async () => {
    if (!hasSrt()) return console.warn('not tried: this ffmpeg has no SRT');
    const port = await freePort();
    const receiver = receive([
      '-f',
      'mpegts',
      '-i',
      `srt://127.0.0.1:${port}?mode=listener&passphrase=0123456789`,
    ]);
    const url = `srt://127.0.0.1:${port}?streamid=hall&passphrase=0123456789&latency=120000`;
    const { output, become } = push('srt', url);
    await become('running');
    await until('some seconds came', async () => (await beeps(ffmpeg.path, receiver.file)).length >= 4, {
      timeoutMs: 20_000,
      everyMs: 500,
    });
    await output.end();
    await receiver.kill('SIGTERM');
    await expectProgram(receiver.file);
  });

  test('an ffmpeg without SRT fails at once and says what would help', async () => {
    const { output, become } = push('srt', 'srt://127.0.0.1:9', bundled);
    await become('failed');
    expect(output.view().error).toMatch(/cannot send SRT/);
  });

  test('nobody there: the target does not answer', async () => {
    if (!hasSrt()) return;
    const { output, become } = push('srt', `srt://127.0.0.1:${await freePort()}?passphrase=0123456789`);
    await become('reconnecting');
    expect(output.view().error).toMatch(/^the target/);
    expect(output.view().error).not.toContain('0123456789');
  });
});

test('a name that nobody knows is tried again', async () => {
  const { output, become } = push('rtmp', 'rtmp://nowhere.invalid/app/key');
  await become('reconnecting');
  expect(output.view().error).toBe('the name nowhere.invalid is not known');
});
