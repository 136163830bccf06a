import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { descendants } from '../harness/processes.ts';
import type { Rgb } from '../harness/reports.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';
import { readPlaylist } from '../src/egress/hls/playlists.ts';

jest.setTimeout(90_000);

const TEAL: Rgb = [30, 140, 150];
const TONE_HZ = 820;

let server: ServerProcess;
let studio: Studio;

beforeAll(async () => {
  server = await ServerProcess.start();
  studio = await Studio.open();
});

afterAll(async () => {
  await studio?.close();
  await server?.stop();
});

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Codes wrap after 65.5 s and are read some seconds late. */
async function latencyMs(viewer: number, area: Parameters<Stage['pixelIn']>[1]): Promise<number> {
  await studio.call('startLook', viewer, [area]);
  const look = await until(
    'a hundred pictures',
    async () => {
      const seen = await studio.call('look', viewer);
      return seen.latenciesMs[0]!.length >= 100 && seen;
    },
    { timeoutMs: 15_000 },
  );
  return median(look.latenciesMs[0]!);
}

test('the program is seen and heard over HLS, soon, through the death of the mixer, until it is ended', async () => {
  const stage = await Stage.open(server, studio);
  const teal = await stage.speak('Teal', { colour: TEAL, toneHz: TONE_HZ });
  const output = await server.rest.beginOutput(stage.room, { type: 'hls' });
  expect(output.url).toBe(`${server.url}/hls/${stage.room}/index.m3u8`);
  const viewer = await studio.call('watchHls', output.url, {});
  const area = await stage.untilSeen(viewer, teal, TEAL, 20_000);
  await stage.untilHeard(viewer, [TONE_HZ], ([level]) => level! > -60);
  expect((await server.rest.output(stage.room, output.id)).state).toBe('running');

  expect(await latencyMs(viewer, area)).toBeLessThan(3_000);

  const mixer = await server.rest.metric('rostrum_mixer_process_id');
  await studio.call('startLook', viewer, []);
  process.kill(mixer!, 'SIGKILL');
  await until('another mixer', async () => (await server.rest.metric('rostrum_mixer_restarts_total')) === 1);
  const { pictures } = await studio.call('look', viewer);
  await until(
    'five seconds more',
    async () => (await studio.call('look', viewer)).pictures > pictures + 150,
    { timeoutMs: 20_000 },
  );
  await stage.untilSeen(viewer, teal, TEAL);
  await stage.untilHeard(viewer, [TONE_HZ], ([level]) => level! > -60);
  expect((await studio.call('hlsComplaints', viewer)).filter((it) => it.startsWith('fatal'))).toEqual([]);

  await server.rest.endOutput(stage.room, output.id);
  expect((await fetch(output.url)).status).toBe(404);
  await studio.call('stopWatching', viewer);
  await until(
    'the sound encoder is gone',
    () => !descendants(server.pid).some(({ command }) => /egress hls/.test(command)),
  );
});

test('a playlist that holds the next part is answered as soon as the part is there', async () => {
  const stage = await Stage.open(server, studio);
  const { url } = await server.rest.beginOutput(stage.room, { type: 'hls' });
  const base = url.replace('index.m3u8', '');
  const read = async (query = '') => {
    const response = await fetch(`${base}picture.m3u8${query}`);
    expect(response.status).toBe(200);
    return readPlaylist(await response.text());
  };
  const first = await read();
  const open = first.mediaSequence + first.segments.length;
  const next = `?_HLS_msn=${open}&_HLS_part=${first.openParts.length}`;
  const [hinted, after] = await Promise.all([fetch(base + first.hint), read(next)]);
  expect(hinted.status).toBe(200);
  expect(hinted.headers.get('cache-control')).toMatch(/immutable/);
  expect((await hinted.arrayBuffer()).byteLength).toBeGreaterThan(500);
  const parts = [...after.segments.slice(-1)[0]!.parts, ...after.openParts];
  expect(parts.map(({ uri }) => uri)).toContain(first.hint);
  for (const { durationS } of parts) expect(durationS).toBeLessThanOrEqual(after.partTargetS);
  expect((await fetch(`${base}picture.m3u8?_HLS_msn=${open + 9}`)).status).toBe(400);
  // A room in which nobody is has its slate over HLS.
  expect((await server.rest.room(stage.room)).participants).toBe(0);
  await server.rest.deleteRoom(stage.room);
  expect((await fetch(url)).status).toBe(404);
});

test('a secret path opens the stream until it is revoked', async () => {
  const stage = await Stage.open(server, studio);
  const secret = await server.rest.beginOutput(stage.room, { type: 'hls', access: 'token' });
  const other = await server.rest.beginOutput(stage.room, { type: 'hls', access: 'token' });
  expect(secret.url).toMatch(/\/hls\/[^/]+\/[\w-]{24}\/index\.m3u8$/);
  expect((await fetch(`${server.url}/hls/${stage.room}/index.m3u8`)).status).toBe(404);
  expect((await fetch(secret.url)).status).toBe(200);
  expect((await fetch(other.url)).status).toBe(200);
  await server.rest.endOutput(stage.room, secret.id);
  expect((await fetch(secret.url)).status).toBe(404);
  expect((await fetch(other.url)).status).toBe(200);
  await server.rest.deleteRoom(stage.room);
});
