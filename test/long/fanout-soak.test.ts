/**
 * Two hundred viewers of one room, for ten minutes one leaves and one comes every second: no loop is late,
 * nobody misses a picture, and the memory is given back. `FANOUT_MINUTES` and `FANOUT_VIEWERS` make it
 * shorter. Writes `docs/reports/fanout-soak.json`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { LoadClips } from '../../scripts/bench/clips/loadClips.ts';
import { processMemoryBytes } from '../../scripts/bench/fanout/memory.ts';
import { Scrape } from '../../scripts/bench/fanout/scrape.ts';
import { CalledProcess } from '../../scripts/bench/load/calls.ts';
import type { PublisherCalls } from '../../scripts/bench/load/publishers.ts';
import type { ViewerCalls, ViewerFigures } from '../../scripts/bench/load/viewers.ts';
import { machineTimes } from '../../scripts/bench/machine/cpu.ts';
import { findNativeFfmpeg } from '../../scripts/bench/machine/ffmpeg.ts';
import { ServerProcess } from '../../scripts/bench/server/serverProcess.ts';
import { until } from '../harness/until.ts';

const MINUTES = Number(process.env.FANOUT_MINUTES ?? 10);
const VIEWERS = Number(process.env.FANOUT_VIEWERS ?? 200);
const ROOM = 'soak';
const PROCESSES = 2;
/** Loops and the mixer are looked at this often; each look is of the time since the one before. */
const LOOK_S = 20;
const MOST_LATE_MS = 20;
const root = join(import.meta.dirname, '../..');

jest.setTimeout((MINUTES + 6) * 60_000);

let server: ServerProcess;
let publishers: CalledProcess<PublisherCalls>;
const crowd: CalledProcess<ViewerCalls>[] = [];

const loadProgram = (name: string) => join(root, `dist/scripts/bench/load/${name}.js`);

beforeAll(async () => {
  server = await ServerProcess.start({ main: join(root, 'dist/src/main.js') });
  publishers = new CalledProcess<PublisherCalls>(loadProgram('publishers'));
  for (let i = 0; i < PROCESSES; i++) {
    crowd.push(new CalledProcess<ViewerCalls>(loadProgram('viewers'), [], ['--max-semi-space-size=2']));
  }
});

afterAll(async () => {
  await Promise.all([...crowd, publishers].map((each) => each?.close()));
  await server?.close();
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function speak(): Promise<void> {
  const { path } = await findNativeFfmpeg();
  const clips = new LoadClips(path, join(root, 'node_modules/.cache/rostrum'), 'vp8');
  await clips.make(1, console.log);
  await server.api.createRoom({ id: ROOM, video: { width: 640, height: 360, kbps: 600 } });
  const token = await server.api.token(ROOM, 'panelist', 'Speaker');
  const files = clips.files(0, 'fit');
  await publishers.call('publish', {
    endpoint: server.api.whip(ROOM),
    token,
    files,
    firstPicture: 0,
    phaseUs: 0,
  });
}

/** @returns how long it took to the first picture, ms */
async function comes(number: number): Promise<number> {
  const token = await server.api.token(ROOM, 'viewer', `Viewer ${number}`);
  const order = { endpoint: server.api.whep(ROOM), token, pairs: 1, codecs: ['vp8' as const] };
  return crowd[number % PROCESSES]!.call('watch', order);
}

async function fill(): Promise<void> {
  const joins: Promise<number>[] = [];
  for (let viewer = 0; viewer < VIEWERS; viewer++) {
    joins.push(comes(viewer));
    await sleep(30);
  }
  await Promise.all(joins);
}

async function empty(): Promise<void> {
  await Promise.all(crowd.map((each) => each.call('leave', undefined)));
  const gone = async () => (await server.api.room(ROOM)).viewers === 0;
  await until('everybody has left', gone, { timeoutMs: 30_000 });
}

/** The collector takes its time: the least memory within half a minute counts. */
async function settledMemory(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let second = 0; second < 30; second++) {
    await sleep(1_000);
    least = Math.min(least, processMemoryBytes(server.pid));
  }
  return least;
}

function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

test('for ten minutes nothing is late, nobody misses anything, and the memory comes back', async () => {
  await speak();
  await fill();
  await empty();
  const startBytes = await settledMemory();
  await fill();
  const fullBytes = processMemoryBytes(server.pid);
  for (const each of crowd) await each.call('begin', undefined);
  const lateMs: Record<string, number[]> = {};
  const note = (name: string, ms: number) => {
    lateMs[name] ??= [];
    lateMs[name].push(ms);
  };
  await Scrape.of(server.url);
  const machine = machineTimes();
  const joinMs: number[] = [];
  const loopDelay = 'rostrum_event_loop_delay_p99_seconds';
  for (let second = 0; second < MINUTES * 60; second++) {
    const [joined] = await Promise.all([
      comes(VIEWERS + second),
      crowd[second % PROCESSES]!.call('leaveFirst', undefined),
      sleep(1_000),
    ]);
    joinMs.push(joined);
    if (second % LOOK_S !== LOOK_S - 1) continue;
    const scrape = await Scrape.of(server.url);
    for (const thread of scrape.labelled(loopDelay, 'thread')) {
      note(thread, 1_000 * scrape.sum(loopDelay, { thread }));
    }
    note('mixer', 1_000 * scrape.sum('rostrum_mixer_tick_lateness_p99_seconds'));
  }
  const now = machineTimes();
  const figures: ViewerFigures[] = await Promise.all(crowd.map((each) => each.call('end', undefined)));
  await empty();
  const endBytes = await settledMemory();
  const sum = (of: (each: ViewerFigures) => number) => figures.reduce((all, each) => all + of(each), 0);
  const outcome = {
    minutes: MINUTES,
    viewers: VIEWERS,
    joinMs: { p50: percentile(joinMs, 0.5), p95: percentile(joinMs, 0.95) },
    lateMs: Object.fromEntries(
      Object.entries(lateMs).map(([name, all]) => [
        name,
        { p50: percentile(all, 0.5), p95: percentile(all, 0.95) },
      ]),
    ),
    lossFraction: sum((each) => each.lost) / sum((each) => each.packets + each.lost),
    freezes: sum((each) => each.freezes),
    memoryBytes: { start: startBytes, full: fullBytes, end: endBytes },
    machineBusy: 1 - (now.idleS - machine.idleS) / (now.totalS - machine.totalS),
    generator: figures.map(({ cpu, lagMs }) => ({ cpu, lagMs })),
  };
  await report(outcome);
  console.log(JSON.stringify(outcome));
  expect(Object.keys(lateMs).sort()).toEqual(expect.arrayContaining(['delivery-1', 'main', 'mixer']));
  for (const [name, { p95 }] of Object.entries(outcome.lateMs)) {
    expect([name, p95, p95 <= MOST_LATE_MS]).toEqual([name, p95, true]);
  }
  expect(outcome.lossFraction).toBeLessThan(0.001);
  expect(endBytes).toBeLessThanOrEqual(startBytes * 1.05);
});

async function report(outcome: object): Promise<void> {
  const folder = join(root, 'docs/reports');
  const text = {
    command: 'npm run test:long -- fanout-soak',
    date: new Date().toISOString(),
    machine: { model: cpus()[0]?.model, cores: cpus().length },
    versions: { node: process.version },
    ...outcome,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'fanout-soak.json'), `${JSON.stringify(text, null, 2)}\n`);
}
