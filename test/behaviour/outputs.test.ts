import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { descendants, isRunning } from '../harness/processes.ts';
import type { Rgb } from '../harness/reports.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';

jest.setTimeout(90_000);

const ORANGE: Rgb = [210, 120, 30];
const TONE_HZ = 820;

let server: ServerProcess;
let studio: Studio;

beforeAll(async () => {
  server = await ServerProcess.start({ ROSTRUM_EGRESS_PRIVATE_HOSTS: 'on' });
  studio = await Studio.open();
});

afterAll(async () => {
  await studio?.close();
  await server?.stop();
});

const stateOf = (room: string, id: string, state: string) =>
  until(
    `the output is ${state}`,
    async () => {
      const output = await server.rest.output(room, id);
      if (output.state === state) return output;
      throw new Error(`it is ${output.state}: ${output.error}`);
    },
    { timeoutMs: 20_000 },
  );

const pushers = () => descendants(server.pid).filter(({ command }) => /push\/main\.js egress/.test(command));

test('a room is sent to another by WHIP, seen and heard there, and again after its process was killed', async () => {
  const here = await Stage.open(server, studio);
  const there = await Stage.open(server, studio);
  const orange = await here.speak('Orange', { colour: ORANGE, toneHz: TONE_HZ, codec: 'vp8' });
  const token = await server.rest.token(there.room, 'panelist', 'The other room');
  const url = `${server.url}/whip/${there.room}`;
  const { id } = await server.rest.beginOutput(here.room, { type: 'whip', url, token });
  await stateOf(here.room, id, 'running');

  const { viewer } = await there.watch();
  const [whole] = await until('a tile with a picture', async () => {
    const tiles = await there.tiles();
    return tiles[0]?.picture ? tiles : null;
  });
  const inner = await here.pictureOf(orange);
  const place = {
    x: whole!.picture!.x + inner.x * whole!.picture!.w,
    y: whole!.picture!.y + inner.y * whole!.picture!.h,
    w: inner.w * whole!.picture!.w,
    h: inner.h * whole!.picture!.h,
  };
  const seen = async () => {
    const pixel = await there.pixelIn(viewer, place);
    return pixel.every((level, channel) => Math.abs(level - ORANGE[channel]!) < 32);
  };
  await until('the colour is seen in the other room', seen);
  await there.untilHeard(viewer, [TONE_HZ], ([level]) => level! > -60);

  const [pusher] = pushers();
  process.kill(pusher!.pid, 'SIGKILL');
  await stateOf(here.room, id, 'reconnecting');
  await stateOf(here.room, id, 'running');
  await until('the colour is seen again', seen);

  await server.rest.endOutput(here.room, id);
  await until('the process is gone', () => pushers().length === 0);
  await until('the tile is gone', async () => (await there.tiles()).length === 0);
  expect(studio.pageErrors).toEqual([]);
});

test('a WHIP target that refuses says why, and the room does not notice', async () => {
  const here = await Stage.open(server, studio);
  const orange = await here.speak('Orange', { colour: ORANGE, toneHz: null });
  const { viewer } = await here.watch();
  await here.untilSeen(viewer, orange, ORANGE);
  const url = `${server.url}/whip/${here.room}`;
  const { id } = await server.rest.beginOutput(here.room, { type: 'whip', url, token: 'a-wrong-token' });
  const { error } = await stateOf(here.room, id, 'reconnecting');
  expect(error).toBe('the target refuses the token (401)');
  await here.untilSeen(viewer, orange, ORANGE);
  expect((await server.rest.room(here.room)).outputs).toEqual([id]);
  await server.rest.deleteRoom(here.room);
  await until('the process is gone', () => pushers().length === 0);
});

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'a server that ends by %s leaves no process behind',
  async (signal) => {
    const other = await ServerProcess.start({ ROSTRUM_EGRESS_PRIVATE_HOSTS: 'on' });
    const { id } = await other.rest.createRoom();
    await other.rest.beginOutput(id, { type: 'hls' });
    // A target that takes the connection and says nothing keeps its ffmpeg busy.
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    await other.rest.beginOutput(id, { type: 'rtmp', url: `rtmp://127.0.0.1:${port}/app/key` });
    const there = await other.rest.createRoom();
    const token = await other.rest.token(there.id, 'panelist', 'The other room');
    const url = `${other.url}/whip/${there.id}`;
    await other.rest.beginOutput(id, { type: 'whip', url, token });
    const children = await until('three children', () => {
      const found = descendants(other.pid).filter(({ command }) => /egress (hls|output)/.test(command));
      return found.length === 3 && found;
    });
    await other.stop(signal);
    await until('all are gone', () => !children.some(({ pid }) => isRunning(pid)), { timeoutMs: 2_000 });
    silent.close();
  },
);
