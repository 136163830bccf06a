/** From one program to many viewers: what they cost while they do not look, and when they have vanished. */

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { WebSocket } from 'ws';
import { descendants } from '../harness/processes.ts';
import type { Rgb } from '../harness/reports.ts';
import { ServerProcess } from '../harness/server.ts';
import { isColour, Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';
import { TestPeer } from '../src/rtc/testPeer.ts';

jest.setTimeout(90_000);

const ORANGE: Rgb = [210, 120, 30];
const TONE_HZ = 820;
const MAX_VIEWERS = 3;
/** RFC 7675: consent lasts 30 s from the last answer; then encoders and the mixer linger a little. */
const GONE_MS = 42_000;

let server: ServerProcess;
let studio: Studio;
const peers: TestPeer[] = [];
let vanishedMs = 0;

/** A number of `/metrics` that stands for one room or thread; undefined when there is none. */
async function metric(name: string, label: string): Promise<number | undefined> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name}{`) && each.includes(`"${label}"`));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

async function whep(room: string, offer: string): Promise<Response> {
  const token = await server.rest.token(room, 'viewer', 'Somebody');
  return fetch(`${server.url}/whep/${room}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/sdp' },
    body: offer,
  });
}

/** Three viewers whose machines lose their network all at once, without a goodbye. */
async function vanish(): Promise<void> {
  await server.rest.createRoom({ id: 'gone' });
  for (let i = 0; i < MAX_VIEWERS; i++) {
    const peer = await TestPeer.open();
    peers.push(peer);
    peer.accept(await (await whep('gone', peer.offer('recvonly'))).text());
    await peer.connected();
  }
  await peers.at(-1)!.until('media', () => peers.at(-1)!.rtp.length > 20);
  for (const peer of peers) peer.close();
  vanishedMs = performance.now();
}

beforeAll(async () => {
  const settings = { ROSTRUM_MIXER_LINGER: '1', ROSTRUM_MAX_VIEWERS: `${MAX_VIEWERS}` };
  server = await ServerProcess.start(settings);
  // What becomes of them is seen at the end: until then the other tests run.
  await vanish();
  studio = await Studio.open();
});

afterAll(async () => {
  await studio?.close();
  await server?.stop();
});

/** The WebSocket of somebody who watches, as a page has it: says what they want to be sent. */
async function wish(token: string, maxHeight: number | null): Promise<void> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, 'rostrum.v1');
  const answered = (id: number) =>
    new Promise<void>((resolve, reject) => {
      socket.on('message', (data) => {
        const { re, error } = JSON.parse(String(data)) as { re?: number; error?: { detail: string } };
        if (re === id) error ? reject(new Error(error.detail)) : resolve();
      });
    });
  await new Promise((resolve) => socket.once('open', resolve));
  const joined = answered(1);
  socket.send(JSON.stringify({ id: 1, type: 'join', token }));
  await joined;
  const set = answered(2);
  socket.send(JSON.stringify({ id: 2, type: 'set-quality', maxHeight }));
  await set;
  socket.close();
}

test('a room holds as many viewers as it may; who comes then is told what helps', async () => {
  const peer = await TestPeer.open();
  const response = await whep('gone', peer.offer('recvonly'));
  peer.close();
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('30');
  const { code, detail } = (await response.json()) as { code: string; detail: string };
  expect(code).toBe('full');
  expect(detail).toMatch(/holds 3 viewers.*ROSTRUM_MAX_VIEWERS.*HLS/);
});

test('while all viewers are hidden no picture is encoded, and they hear on; who looks again sees at once', async () => {
  const stage = await Stage.open(server, studio);
  const orange = await stage.speak('Orange', { colour: ORANGE, toneHz: TONE_HZ });
  const tokens = await Promise.all(
    ['One', 'Two'].map((name) => server.rest.token(stage.room, 'viewer', name)),
  );
  const [one, two] = await Promise.all(tokens.map((token) => stage.watch({ token })));
  await stage.untilSeen(one!.viewer, orange, ORANGE);
  await stage.untilSeen(two!.viewer, orange, ORANGE);

  await wish(tokens[0]!, 0);
  expect(await metric('rostrum_video_encoders', stage.room)).toBe(1);
  await wish(tokens[1]!, 0);
  await until(
    'no picture is encoded',
    async () => (await metric('rostrum_video_encoders', stage.room)) === 0,
  );
  const before = await studio.call('stats', one!.viewer);
  await studio.call('tonesDb', one!.viewer, [TONE_HZ]);
  await until('sound has gone on for a second', async () => {
    const { audioPlayed } = await studio.call('stats', one!.viewer);
    return audioPlayed > before.audioPlayed + 48_000;
  });
  const after = await studio.call('stats', one!.viewer);
  expect(after.framesDecoded).toBe(before.framesDecoded);
  expect(after.audioConcealed - before.audioConcealed).toBeLessThan(4_800);
  await stage.untilHeard(one!.viewer, [TONE_HZ], ([level]) => level! > -60);
  expect(await metric('rostrum_audio_encoders', stage.room)).toBe(1);

  const lookedMs = performance.now();
  await wish(tokens[0]!, null);
  await stage.untilStats(one!.viewer, 'pictures', ({ framesDecoded }) => framesDecoded > after.framesDecoded);
  expect(performance.now() - lookedMs).toBeLessThan(1_500);
  await stage.untilSeen(one!.viewer, orange, ORANGE);
  expect((await studio.call('stats', two!.viewer)).framesDecoded).toBeGreaterThan(0);
  expect(await metric('rostrum_video_encoders', stage.room)).toBe(1);
  await studio.call('stopSpeaking', orange.speaker);
  for (const { viewer } of [one!, two!]) await studio.call('stopWatching', viewer);
});

describe('a room that forwards', () => {
  let stage: Stage;
  let orange: Awaited<ReturnType<Stage['speak']>>;
  const mixer = () => metric('rostrum_mixer_process_id', stage.room);
  const untilNoMixer = () => until('no mixer is left', async () => (await mixer()) === undefined);

  beforeAll(async () => {
    stage = await Stage.open(server, studio, { mode: 'sfu' });
    orange = await stage.speak('Orange', { colour: ORANGE, toneHz: TONE_HZ });
    await until('they are live', async () => (await stage.tileOf(orange))?.state === 'live');
    expect(await mixer()).toBeUndefined();
  });
  afterAll(() => studio.call('stopSpeaking', orange.speaker));

  test('mixes for a snapshot, and for a moment longer', async () => {
    const image = await loadImage(await server.rest.snapshot(stage.room));
    expect(await mixer()).toBeGreaterThan(0);
    const canvas = createCanvas(image.width, image.height);
    const drawing = canvas.getContext('2d');
    drawing.drawImage(image, 0, 0);
    const { picture } = (await stage.tileOf(orange))!;
    const [x, y] = [picture!.x + 0.85 * picture!.w, picture!.y + 0.5 * picture!.h];
    const { data } = drawing.getImageData(x * image.width, y * image.height, 1, 1);
    const pixel: Rgb = [data[0]!, data[1]!, data[2]!];
    expect({ pixel, isOrange: isColour(pixel, ORANGE) }).toEqual({ pixel, isOrange: true });
    await untilNoMixer();
    expect((await stage.tileOf(orange))!.picture).toBeNull();
  });

  test('mixes as long as it is streamed', async () => {
    const output = await server.rest.beginOutput(stage.room, { type: 'hls' });
    expect(await mixer()).toBeGreaterThan(0);
    const viewer = await studio.call('watchHls', output.url, {});
    await stage.untilSeen(viewer, orange, ORANGE, 20_000);
    await stage.untilHeard(viewer, [TONE_HZ], ([level]) => level! > -60);
    await studio.call('stopWatching', viewer);
    await server.rest.endOutput(stage.room, output.id);
    await untilNoMixer();
    await until(
      'no picture is encoded',
      async () => (await metric('rostrum_video_encoders', stage.room)) === 0,
    );
  });
});

test('viewers who vanished without a word are gone after 30 s, and so is all that was kept for them', async () => {
  expect(performance.now() - vanishedMs).toBeLessThan(GONE_MS);
  const left = async () => {
    const of = async (name: string) => (await metric(name, 'gone')) ?? 0;
    const all = await Promise.all(
      ['subscribers', 'video_encoders', 'audio_encoders', 'mixer_process_id'].map((name) =>
        of(`rostrum_${name}`),
      ),
    );
    const people = await server.rest.participants('gone');
    const threads = await server.rest.metric('rostrum_thread_subscribers');
    return `${all.join(' ')}, ${people.length} people, ${threads} in threads`;
  };
  const leftMs = Math.max(1_000, GONE_MS - (performance.now() - vanishedMs));
  await until(
    'nothing is left of them',
    async () => {
      const now = await left();
      if (now === '0 0 0 0, 0 people, 0 in threads') return true;
      throw new Error(now);
    },
    { timeoutMs: leftMs, everyMs: 500 },
  );
  expect(performance.now() - vanishedMs).toBeGreaterThan(25_000);
  const mixers = descendants(server.pid).filter(({ command }) => /mixer\/main\.js mixer.*gone/.test(command));
  expect(mixers).toEqual([]);

  // Their places are free again.
  const peer = await TestPeer.open();
  const response = await whep('gone', peer.offer('recvonly'));
  expect(response.status).toBe(201);
  peer.close();
});
