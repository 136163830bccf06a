/**
 * Lips and sound through the real server (ITU-R BT.1359): three speakers who flash and beep, one with half
 * a second more on the way of their pictures, one with it on both, one whose clocks run 200 ppm fast. The
 * offset is read from the program's decoded pictures and samples through its sender reports. Writes
 * `docs/reports/lipsync.json`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Pace } from '../../scripts/bench/load/pace.ts';
import { Audience, type Clapper } from '../harness/clapping/audience.ts';
import { type ClappingOrder, ClappingSpeaker } from '../harness/clapping/speaker.ts';
import { ServerProcess } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { goodNetwork, Clapper as SimulatedSpeaker, spread } from '../mixer/harness/clapper.ts';

const SECONDS = Number(process.env.LIPSYNC_SECONDS ?? 600);
/** Reports come each second, and what they tell is followed without a jump. */
const SETTLE_S = 8;

jest.setTimeout((SECONDS + SETTLE_S + 60) * 1000);

type Person = Omit<ClappingOrder, 'endpoint' | 'token'> & { name: string };
const people: Person[] = [
  { name: 'pictures 500 ms late', toneHz: 1000, pictureDelayMs: 500 },
  { name: 'all 500 ms late', toneHz: 2500, pictureDelayMs: 500, soundDelayMs: 500 },
  { name: 'clocks 200 ppm fast', toneHz: 4000, ppm: 200 },
];

let server: ServerProcess;
const pace = new Pace();
const speakers: ClappingSpeaker[] = [];
let audience: Audience | undefined;

beforeAll(async () => {
  server = await ServerProcess.start();
});

afterAll(async () => {
  pace.close();
  await Promise.all(speakers.map((speaker) => speaker.close()));
  await audience?.close();
  await server?.stop();
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Everybody's place in the picture, once all have one. */
async function places(room: string): Promise<Clapper[]> {
  const { tiles } = (await server.rest.room(room)).layout;
  const participants = await server.rest.participants(room);
  return people.map(({ name, toneHz }) => {
    const { id } = participants.find((each) => each.name === name)!;
    const { x, y, w, h } = tiles.find(({ participant, picture }) => participant === id && picture)!.picture!;
    return { name, toneHz, x: x + w / 2, y: y + h / 2 };
  });
}

test('three speakers, late and drifting, stay in sync', async () => {
  const video = { width: 640, height: 360, fps: 30, codec: 'vp8', kbps: 800 } as const;
  const { id: room } = await server.rest.createRoom({ layout: 'grid', video });
  for (const { name, ...person } of people) {
    const token = await server.rest.token(room, 'panelist', name);
    const speaker = await ClappingSpeaker.open({ endpoint: `${server.url}/whip/${room}`, token, ...person });
    speakers.push(speaker);
    pace.add(speaker);
  }
  const clappers = await until('everybody is seen', () => places(room).catch(() => undefined));
  const token = await server.rest.token(room, 'viewer', 'Audience');
  audience = await Audience.join(`${server.url}/whep/${room}`, token, clappers);
  await sleep(SETTLE_S * 1000);
  const before = audience.offsetsMs().map((offsets) => offsets.length);
  await sleep(SECONDS * 1000);

  const outcomes = audience.offsetsMs().map((offsets, index) => ({
    name: people[index]!.name,
    ...spread(offsets.slice(before[index])),
  }));
  const gauges = (await server.rest.participants(room)).map(({ name, avOffsetMs }) => ({ name, avOffsetMs }));
  const folder = join(import.meta.dirname, '../../docs/reports');
  await mkdir(folder, { recursive: true });
  const report = { command: 'npm run test:long -- lipsync', seconds: SECONDS, outcomes, gauges };
  await writeFile(join(folder, 'lipsync.json'), `${JSON.stringify(report, null, 2)}\n`);
  console.log(JSON.stringify(report));
  for (const { name, count, mean, min, max } of outcomes) {
    expect([name, count > SECONDS * 0.8]).toEqual([name, true]);
    expect([name, Math.abs(mean) <= 40, mean]).toEqual([name, true, mean]);
    // A late flash is early sound, which people notice sooner.
    expect([name, max <= 45, max]).toEqual([name, true, max]);
    expect([name, min >= -125, min]).toEqual([name, true, min]);
  }
});

test.each([
  ['half a second more on the way of pictures', { videoPathMs: 525, ppm: 200 }],
  ['half a second more on both ways', { audioPathMs: 515, videoPathMs: 525, ppm: -200 }],
  // Of pictures none is lost: the flash in a lost one is seen late, however well sound and pictures fit.
  ['clocks 200 ppm fast, with loss of sound, and jitter', { ppm: 200, audioLoss: 0.02, jitterMs: 20 }],
])('ten minutes, simulated: %s', (_, network) => {
  const outcome = spread(new SimulatedSpeaker({ ...goodNetwork, ...network }).run(600).slice(SETTLE_S));
  console.log(JSON.stringify(outcome));
  expect(outcome.count).toBeGreaterThan(560);
  expect(Math.abs(outcome.mean)).toBeLessThanOrEqual(40);
  expect(outcome.max).toBeLessThanOrEqual(45);
  expect(outcome.min).toBeGreaterThanOrEqual(-125);
});
