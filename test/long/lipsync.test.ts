/**
 * Lips and sound through the real server (ITU-R BT.1359): speakers who flash and beep, one from a browser, one
 * with half a second more on the way of their pictures, one with it on both, one whose clocks run 200 ppm fast.
 *  - In the program: the offset of its decoded pictures and samples, through its sender reports.
 *  - In Chromium: the offset of what is presented and played, less that of a peer connection of the same page to
 *    itself, which is what the browser alone makes of the same picture and sound: its mean, and how far it strays.
 * Writes `docs/reports/lipsync.json`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Pace } from '../../scripts/bench/load/pace.ts';
import { CpuSpan } from '../../scripts/bench/machine/cpuSpan.ts';
import { Audience, type Clapper } from '../harness/clapping/audience.ts';
import { offsetsMs } from '../harness/clapping/offsets.ts';
import { type ClappingOrder, ClappingSpeaker } from '../harness/clapping/speaker.ts';
import { ServerProcess } from '../harness/server.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';
import { goodNetwork, Clapper as SimulatedSpeaker, spread } from '../mixer/harness/clapper.ts';

const SECONDS = Number(process.env.LIPSYNC_SECONDS ?? 600);
/** Reports come each second, and what they tell is followed without a jump. */
const SETTLE_S = 8;
/** Browsers look once a second how far sound and picture are apart, and leave it at this. */
const BROWSER_CONTENT_MS = 30;
/** They go there in small steps; one that is short of CPU never arrives. */
const BROWSER_SETTLE_S = 60;

jest.setTimeout((SECONDS + SETTLE_S + BROWSER_SETTLE_S + 60) * 1000);

type Person = Omit<ClappingOrder, 'endpoint' | 'token'> & { name: string };
const people: Person[] = [
  { name: 'pictures 500 ms late', toneHz: 1000, pictureDelayMs: 500 },
  { name: 'all 500 ms late', toneHz: 2500, pictureDelayMs: 500, soundDelayMs: 500 },
  { name: 'clocks 200 ppm fast', toneHz: 4000, ppm: 200 },
];
/** Where their picture is nothing but white or their colour, in fractions of it. */
const browser = { name: 'from a browser', toneHz: 5500, spot: { x: 0.85, y: 0.4 } };
const middle = { x: 0.5, y: 0.5 };

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Outcome extends ReturnType<typeof spread> {
  name: string;
}

/** @param strays how far whatever measures is off by itself at times, from its own mean */
function requireSync({ name, count, mean, min, max }: Outcome, strays = { min: 0, max: 0 }): void {
  expect([name, count > SECONDS * 0.8]).toEqual([name, true]);
  expect([name, Math.abs(mean) <= 40, mean]).toEqual([name, true, mean]);
  // A late flash is early sound, which people notice sooner.
  expect([name, max <= 45 + strays.max, max]).toEqual([name, true, max]);
  expect([name, min >= -125 + strays.min, min]).toEqual([name, true, min]);
}

describe('four speakers through the real server', () => {
  let server: ServerProcess;
  let studio: Studio;
  let audience: Audience | undefined;
  const pace = new Pace();
  const speakers: ClappingSpeaker[] = [];
  let program: Outcome[];
  let inBrowser: Outcome[];
  let direct: Outcome;

  beforeAll(async () => {
    server = await ServerProcess.start();
    studio = await Studio.open();
    await watch();
  });

  afterAll(async () => {
    pace.close();
    await Promise.all(speakers.map((speaker) => speaker.close()));
    await audience?.close();
    await studio?.close();
    await server?.stop();
  });

  /** Everybody's place in the picture, once all have one. */
  async function places(room: string): Promise<Clapper[]> {
    const { tiles } = (await server.rest.room(room)).layout;
    const participants = await server.rest.participants(room);
    return [...people.map((person) => ({ ...person, spot: middle })), browser].map(
      ({ name, toneHz, spot }) => {
        const { id } = participants.find((each) => each.name === name)!;
        const { x, y, w, h } = tiles.find(({ participant, picture }) => participant === id && picture)!
          .picture!;
        return { name, toneHz, x: x + spot.x * w, y: y + spot.y * h };
      },
    );
  }

  async function watch(): Promise<void> {
    const video = { width: 640, height: 360, fps: 30, codec: 'vp8', kbps: 800 } as const;
    const { id: room } = await server.rest.createRoom({ layout: 'grid', video });
    for (const { name, ...person } of people) {
      const token = await server.rest.token(room, 'panelist', name);
      const speaker = await ClappingSpeaker.open({
        endpoint: `${server.url}/whip/${room}`,
        token,
        ...person,
      });
      speakers.push(speaker);
      pace.add(speaker);
    }
    const place = async (role: 'panelist' | 'viewer', name: string) => {
      return { server: server.url, room, token: await server.rest.token(room, role, name) };
    };
    const { toneHz, spot } = browser;
    const order = { colour: [40, 72, 200] as [number, number, number], width: 320, height: 180, toneHz };
    const own = await studio.speak({ ...order, beat: true, ...(await place('panelist', browser.name)) });
    const clappers = await until('everybody is seen', () => places(room).catch(() => undefined));

    const viewer = await studio.watch({ codecs: ['vp8'], ...(await place('viewer', 'A browser')) });
    await studio.call('firstPictureMs', viewer.id);
    const watches = [
      await studio.call('watchClaps', viewer.id, clappers),
      await studio.call('watchDirectly', own, { toneHz, ...spot }),
    ];
    const settled = async () => {
      const { pictureAheadMs } = await studio.call('stats', viewer.id);
      return Math.abs(pictureAheadMs) < BROWSER_CONTENT_MS;
    };
    const patience = { timeoutMs: BROWSER_SETTLE_S * 1000, everyMs: 1000 };
    await until('the browser is content', settled, patience).catch(() => {});
    const { token } = await place('viewer', 'Audience');
    audience = await Audience.join(`${server.url}/whep/${room}`, token, clappers);
    await sleep(SETTLE_S * 1000);

    const seen = async () => (await Promise.all(watches.map((id) => studio.call('claps', id)))).flat();
    const all = async () => [...audience!.offsetsMs(), ...(await seen()).map(offsetsMs)];
    const before = (await all()).map(({ length }) => length);
    const cpu = new CpuSpan(process.pid);
    await sleep(SECONDS * 1000);
    const { othersBusy } = cpu.end();
    const offsets = (await all()).map((each, index) => each.slice(before[index]));
    for (const id of watches) await studio.call('stopClaps', id);
    conclude(offsets);

    const gauges = (await server.rest.participants(room))
      .filter(({ role }) => role === 'panelist')
      .map(({ name, avOffsetMs }) => ({ name, avOffsetMs }));
    const report = {
      command: 'npm run test:long -- lipsync',
      date: new Date().toISOString(),
      machine: { model: cpus()[0]?.model, cores: cpus().length },
      ...{ seconds: SECONDS, othersBusy, outcomes: program, inBrowser, direct, gauges },
    };
    const folder = join(import.meta.dirname, '../../docs/reports');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'lipsync.json'), `${JSON.stringify(report, null, 2)}\n`);
    console.log(JSON.stringify(report));
  }

  /** @param offsets in the program, in the browser, and of the browser alone */
  function conclude(offsets: number[][]): void {
    const names = [...people, browser].map(({ name }) => name);
    const alone = offsets.at(-1)!;
    direct = { name: 'the browser alone', ...spread(alone) };
    program = names.map((name, index) => ({ name, ...spread(offsets[index]!) }));
    inBrowser = names.map((name, index) => {
      const own = offsets[names.length + index]!.map((offset) => offset - direct.mean);
      return { name, ...spread(own) };
    });
  }

  test('are in sync in the program', () => {
    // When a browser speaks, it is not on time with every clap; that stands in what it sends.
    const { min, max, mean } = direct;
    for (const { name } of people) requireSync(program.find((each) => each.name === name)!);
    requireSync(program.at(-1)!, { min: min - mean, max: max - mean });
  });

  test('are in sync in Chromium, less what that does by itself', () => {
    const { count, min, max, mean } = direct;
    expect(count).toBeGreaterThan(SECONDS * 0.8);
    for (const outcome of inBrowser) requireSync(outcome, { min: min - mean, max: max - mean });
  });
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
