/**
 * Viewers behind narrow and lossy networks, next to one who has all it needs; and a speaker whose uplink is
 * narrow, then wide. Writes `docs/reports/viewer-narrow.json`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { NarrowLink } from '../harness/narrowLink.ts';
import type { ViewerStats } from '../harness/reports.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';

jest.setTimeout(180_000);

const SECONDS = Number(process.env.NARROW_SECONDS ?? 60);
const EVERY_MS = 500;

let studio: Studio;
let server: ServerProcess;
const outcomes: Record<string, object> = {};
const links: NarrowLink[] = [];
const leaving: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  server = await ServerProcess.start();
  studio = await Studio.open();
});

afterEach(async () => {
  for (const leave of leaving.splice(0)) await leave();
  for (const link of links.splice(0)) link.close();
});

afterAll(async () => {
  await studio?.close();
  await server?.stop();
  const folder = join(import.meta.dirname, '../../docs/reports');
  const machine = { model: cpus()[0]?.model, cores: cpus().length };
  const text = { command: 'npm run test:long -- viewer-narrow', machine, seconds: SECONDS, outcomes };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'viewer-narrow.json'), `${JSON.stringify(text, null, 2)}\n`);
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Moment extends ViewerStats {
  atMs: number;
}

/** What viewers say of themselves, twice a second. */
async function observe(viewers: number[], seconds: number): Promise<Moment[][]> {
  const startMs = performance.now();
  const series: Moment[][] = viewers.map(() => []);
  for (let tick = 1; tick <= (seconds * 1000) / EVERY_MS; tick++) {
    await sleep(Math.max(0, startMs + tick * EVERY_MS - performance.now()));
    const atMs = Math.round(performance.now() - startMs);
    for (const [i, viewer] of viewers.entries()) {
      series[i]!.push({ atMs, ...(await studio.call('stats', viewer)) });
    }
  }
  return series;
}

/** Somebody with all the detail a picture can have, and a tone. */
async function busyStage(): Promise<Stage> {
  const stage = await Stage.open(server, studio);
  const order = { width: 640, height: 360, fps: 30, codec: 'vp8', toneHz: 440, detail: 0.35 } as const;
  const person = await stage.speak('Speaker', order);
  leaving.push(() => studio.call('stopSpeaking', person.speaker));
  await stage.pictureOf(person);
  return stage;
}

async function watch(stage: Stage, via?: number): Promise<{ viewer: number; answer: string }> {
  const watching = await stage.watch({ via });
  leaving.push(() => studio.call('stopWatching', watching.viewer));
  return watching;
}

async function watchThrough(stage: Stage, link: NarrowLink): Promise<number> {
  links.push(link);
  const { viewer, answer } = await watch(stage, link.port);
  link.connect(answer);
  return viewer;
}

/** Pictures from one moment to the last, as a share of what `fps` would be. */
function pictureShare(series: Moment[], fromMs: number, fps = 30): number {
  const [first, last] = [series.find(({ atMs }) => atMs >= fromMs)!, series.at(-1)!];
  return (last.framesDecoded - first.framesDecoded) / (((last.atMs - first.atMs) / 1000) * fps);
}

function concealedMs(series: Moment[], fromMs: number): number {
  const [first, last] = [series.find(({ atMs }) => atMs >= fromMs)!, series.at(-1)!];
  return (last.audioConcealed - first.audioConcealed) / 48;
}

/** When the picture had its last size for good, ms. */
function settledMs(series: Moment[]): number {
  const { height } = series.at(-1)!;
  const other = series.findLast((each) => each.height !== height);
  return other === undefined ? 0 : series[series.indexOf(other) + 1]!.atMs;
}

test('a viewer behind 400 kbit/s gets what fits, and nobody else notices', async () => {
  const stage = await busyStage();
  const { viewer: wide } = await watch(stage);
  await stage.untilStats(wide, 'pictures', ({ framesDecoded }) => framesDecoded > 30);
  const link = await NarrowLink.open(1);
  link.down.shape = { kbps: 400, queueMs: 300 };
  const alone = (await observe([wide], 5))[0]!;
  const before = await studio.call('stats', wide);
  const narrow = await watchThrough(stage, link);
  const [narrowSeries, wideSeries] = (await observe([narrow, wide], SECONDS)) as [Moment[], Moment[]];
  const [end, wideEnd] = [narrowSeries.at(-1)!, wideSeries.at(-1)!];
  const outcome = {
    settledMs: settledMs(narrowSeries),
    height: end.height,
    freezes: end.freezeCount,
    freezesMs: Math.round(end.totalFreezesMs),
    picturesShare: pictureShare(narrowSeries, 5_000),
    concealedMs: Math.round(concealedMs(narrowSeries, 0)),
    concealedAfter5sMs: Math.round(concealedMs(narrowSeries, 5_000)),
    dropped: link.down.dropped,
    wide: {
      height: wideEnd.height,
      freezes: wideEnd.freezeCount - before.freezeCount,
      picturesShareAlone: pictureShare(alone, 0),
      picturesShare: pictureShare(wideSeries, 0),
      keyFrames: wideEnd.keyFramesDecoded - before.keyFramesDecoded,
    },
    heights: narrowSeries.map(({ atMs, height, freezeCount, audioConcealed }) =>
      [atMs, height, freezeCount, Math.round(audioConcealed / 48)].join(' '),
    ),
  };
  outcomes.narrow = outcome;
  expect(outcome.height).toBeLessThanOrEqual(360);
  expect(outcome.settledMs).toBeLessThanOrEqual(5_000);
  expect(outcome.freezes).toBeLessThanOrEqual(2);
  // A machine that is too busy to mix 30 pictures a second sends both of them fewer.
  expect(outcome.picturesShare).toBeGreaterThan(outcome.wide.picturesShare * 0.95);
  expect(outcome.concealedAfter5sMs).toBeLessThan(100);
  expect(outcome.wide.height).toBe(720);
  expect(outcome.wide.freezes).toBe(0);
  expect(outcome.wide.picturesShare).toBeGreaterThan(outcome.wide.picturesShareAlone * 0.95);
});

test('a viewer who loses 5 % sees nearly all of it, and causes few key frames', async () => {
  const stage = await busyStage();
  const link = await NarrowLink.open(7);
  const lossy = await watchThrough(stage, link);
  const { viewer: other } = await watch(stage);
  await stage.untilStats(lossy, 'pictures', ({ framesDecoded }) => framesDecoded > 30);
  await stage.untilStats(other, 'pictures', ({ framesDecoded }) => framesDecoded > 30);
  link.down.shape = { loss: 0.05 };
  await studio.call('startLook', lossy, []);
  const before = await studio.call('stats', other);
  const [series, others] = (await observe([lossy, other], SECONDS)) as [Moment[], Moment[]];
  const look = await studio.call('look', lossy);
  const outcome = {
    picturesShare: pictureShare(series, 0),
    longestGapMs: Math.round(look.longestGapMs),
    height: series.at(-1)!.height,
    concealedShare: (concealedMs(series, 0) * 48) / (series.at(-1)!.audioPlayed - series[0]!.audioPlayed),
    keyFramesPerS: (others.at(-1)!.keyFramesDecoded - before.keyFramesDecoded) / SECONDS,
    otherFreezes: others.at(-1)!.freezeCount - before.freezeCount,
  };
  outcomes.lossy = outcome;
  expect(outcome.picturesShare).toBeGreaterThanOrEqual(0.95);
  expect(outcome.longestGapMs).toBeLessThanOrEqual(500);
  expect(outcome.height).toBe(720);
  expect(outcome.keyFramesPerS).toBeLessThanOrEqual(0.5);
  expect(outcome.otherFreezes).toBe(0);
});

test('a speaker behind 500 kbit/s is heard and seen; with 3 Mbit/s in full', async () => {
  const stage = await Stage.open(server, studio);
  const link = await NarrowLink.open(3);
  links.push(link);
  link.up.shape = { kbps: 500, queueMs: 300 };
  const order = { width: 1280, height: 720, fps: 30, codec: 'vp8', toneHz: 440, detail: 0.08 } as const;
  const { speaker } = await stage.speak('Narrow', { ...order, via: link.port });
  leaving.push(() => studio.call('stopSpeaking', speaker));
  link.connect(await studio.call('speakerAnswer', speaker));
  const { viewer } = await watch(stage);
  await sleep(5_000);
  link.up.takeLongestQueueMs();
  const queues: number[] = [];
  const rates: number[] = [];
  const before = await studio.call('stats', viewer);
  for (let second = 0; second < 20; second++) {
    await sleep(1_000);
    queues.push(link.up.takeLongestQueueMs());
    rates.push((await studio.call('speakerStats', speaker)).framesPerSecond);
  }
  const after = await studio.call('stats', viewer);
  const concealed = (after.audioConcealed - before.audioConcealed) / (after.audioPlayed - before.audioPlayed);
  link.up.shape = { kbps: 3_000, queueMs: 300 };
  const bytesBefore = link.up.bytes;
  await sleep(15_000);
  const lastS = link.up.bytes;
  await sleep(5_000);
  const outcome = {
    fps: rates,
    queuesMs: queues.map(Math.round),
    concealedShare: concealed,
    kbpsIn15s: Math.round(((lastS - bytesBefore) * 8) / 15_000),
    kbpsAfter15s: Math.round(((link.up.bytes - lastS) * 8) / 5_000),
    after: await studio.call('speakerStats', speaker),
  };
  outcomes.speaker = outcome;
  const sorted = (values: number[]) => values.toSorted((a, b) => a - b);
  expect(sorted(rates)[Math.floor(rates.length * 0.1)]).toBeGreaterThanOrEqual(15);
  expect(sorted(queues)[Math.floor(queues.length * 0.9)]).toBeLessThanOrEqual(250);
  expect(outcome.concealedShare).toBeLessThan(0.02);
  expect(outcome.kbpsAfter15s).toBeGreaterThan(1_200);
});
