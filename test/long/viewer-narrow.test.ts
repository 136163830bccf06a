/**
 * Viewers behind narrow and lossy networks, next to one who has all it needs; and a speaker whose uplink is
 * narrow, then wide. `NARROW_SECONDS` and `LOSSY_SECONDS` make it shorter. Writes
 * `docs/reports/viewer-narrow.json`, each case when it ends.
 */
import { afterAll, afterEach, beforeAll, jest, test } from '@jest/globals';
import { LongReport, say } from '../harness/longReport.ts';
import { NarrowLink } from '../harness/narrowLink.ts';
import type { ViewerStats } from '../harness/reports.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';

const SECONDS = Number(process.env.NARROW_SECONDS ?? 60);
/** Rare misfortunes want time. */
const LOSSY_SECONDS = Number(process.env.LOSSY_SECONDS ?? 300);
const EVERY_MS = 500;
const SAY_EVERY_S = 15;

jest.setTimeout((Math.max(SECONDS, LOSSY_SECONDS) + 120) * 1_000);

let studio: Studio;
let server: ServerProcess;
const report = new LongReport('viewer-narrow');
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
    if (tick % ((SAY_EVERY_S * 1000) / EVERY_MS) === 0) {
      const seen = series.map((each) => `${each.at(-1)!.height} lines, ${each.at(-1)!.freezeCount} freezes`);
      say(`  ${Math.round(atMs / 1000)} of ${seconds} s: ${seen.join(' | ')}`);
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

test('a viewer behind 400 kbit/s gets what fits, and nobody else notices', () =>
  report.case('narrow', async (figures) => {
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
    const found = {
      settledMs: settledMs(narrowSeries),
      height: end.height,
      freezes: end.freezeCount,
      freezesMs: Math.round(end.totalFreezesMs),
      picturesShare: pictureShare(narrowSeries, 5_000),
      concealedMs: Math.round(concealedMs(narrowSeries, 0)),
      concealedAfter5sMs: Math.round(concealedMs(narrowSeries, 5_000)),
      dropped: link.down.dropped,
    };
    const others = {
      height: wideEnd.height,
      freezes: wideEnd.freezeCount - before.freezeCount,
      picturesShareAlone: pictureShare(alone, 0),
      picturesShare: pictureShare(wideSeries, 0),
      keyFrames: wideEnd.keyFramesDecoded - before.keyFramesDecoded,
    };
    const heights = narrowSeries.map(({ atMs, height, freezeCount, audioConcealed }) =>
      [atMs, height, freezeCount, Math.round(audioConcealed / 48)].join(' '),
    );
    Object.assign(figures, { ...found, wide: others, heights });
    return [
      ['height', found.height, '<=', 360],
      ['settledMs', found.settledMs, '<=', 5_000],
      ['freezes', found.freezes, '<=', 2],
      // A machine that is too busy to mix 30 pictures a second sends both of them fewer.
      ['picturesShare', found.picturesShare, '>=', others.picturesShare * 0.95],
      // Half a hundredth: each probe that finds no room costs some tens of ms, ever more seldom.
      ['concealedAfter5sMs', found.concealedAfter5sMs, '<=', 5 * SECONDS],
      ['wide.height', others.height, '=', 720],
      ['wide.freezes', others.freezes, '=', 0],
      ['wide.picturesShare', others.picturesShare, '>=', others.picturesShareAlone * 0.95],
    ];
  }));

test('a viewer who loses 5 % sees nearly all of it, and causes few key frames', () =>
  report.case('lossy', async (figures) => {
    const stage = await busyStage();
    const link = await NarrowLink.open(7);
    const lossy = await watchThrough(stage, link);
    const { viewer: other } = await watch(stage);
    await stage.untilStats(lossy, 'pictures', ({ framesDecoded }) => framesDecoded > 30);
    await stage.untilStats(other, 'pictures', ({ framesDecoded }) => framesDecoded > 30);
    link.down.shape = { loss: 0.05 };
    await studio.call('startLook', lossy, []);
    const before = await studio.call('stats', other);
    const [series, others] = (await observe([lossy, other], LOSSY_SECONDS)) as [Moment[], Moment[]];
    const look = await studio.call('look', lossy);
    const [start, end] = [series[0]!, series.at(-1)!];
    const found = {
      picturesShare: pictureShare(series, 0),
      longestGapMs: Math.round(look.longestGapMs),
      height: end.height,
      freezes: end.freezeCount - start.freezeCount,
      concealedShare: (concealedMs(series, 0) * 48) / (end.audioPlayed - start.audioPlayed),
      keyFramesPerS: (others.at(-1)!.keyFramesDecoded - before.keyFramesDecoded) / LOSSY_SECONDS,
      othersPicturesShare: pictureShare(others, 0),
      othersFreezes: others.at(-1)!.freezeCount - before.freezeCount,
    };
    Object.assign(figures, found);
    return [
      ['picturesShare', found.picturesShare, '>=', 0.95],
      ['longestGapMs', found.longestGapMs, '<=', 500],
      ['height', found.height, '=', 720],
      ['keyFramesPerS', found.keyFramesPerS, '<=', 0.5],
      ['othersFreezes', found.othersFreezes, '=', 0],
    ];
  }));

test('a speaker behind 500 kbit/s is heard and seen; with 3 Mbit/s in full', () =>
  report.case('speaker', async (figures) => {
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
    const narrow = await uplink(speaker, viewer, link);
    Object.assign(figures, narrow);
    say(`  narrow: ${narrow.fps.join(' ')} pictures a second`);
    link.up.shape = { kbps: 3_000, queueMs: 300 };
    const bytesBefore = link.up.bytes;
    await sleep(15_000);
    const bytes15s = link.up.bytes;
    await sleep(5_000);
    const kbpsIn15s = Math.round(((bytes15s - bytesBefore) * 8) / 15_000);
    const kbpsAfter15s = Math.round(((link.up.bytes - bytes15s) * 8) / 5_000);
    Object.assign(figures, { kbpsIn15s, kbpsAfter15s, after: await studio.call('speakerStats', speaker) });
    const sorted = (values: number[]) => values.toSorted((a, b) => a - b);
    const { fps, queuesMs, concealedShare } = narrow;
    return [
      ['fps, all but a tenth', sorted(fps)[Math.floor(fps.length * 0.1)]!, '>=', 15],
      ['queuesMs, all but a tenth', sorted(queuesMs)[Math.floor(queuesMs.length * 0.9)]!, '<=', 250],
      ['concealedShare', concealedShare, '<=', 0.02],
      ['kbpsAfter15s', kbpsAfter15s, '>=', 1_200],
    ];
  }));

/** Twenty seconds of somebody who speaks over a link, and of who hears them. */
async function uplink(speaker: number, viewer: number, link: NarrowLink) {
  link.up.takeLongestQueueMs();
  const queuesMs: number[] = [];
  const fps: number[] = [];
  const before = await studio.call('stats', viewer);
  for (let second = 0; second < 20; second++) {
    await sleep(1_000);
    queuesMs.push(Math.round(link.up.takeLongestQueueMs()));
    fps.push((await studio.call('speakerStats', speaker)).framesPerSecond);
  }
  const after = await studio.call('stats', viewer);
  const played = after.audioPlayed - before.audioPlayed;
  return { fps, queuesMs, concealedShare: (after.audioConcealed - before.audioConcealed) / played };
}
