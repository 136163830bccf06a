/**
 * kill -9 at random moments of running recordings: of the server, of the recorders, of the mixer. What
 * each file lacks is measured and written to `docs/reports/recording-kills.json`, with the seed.
 */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import type { RecordingView } from '../../src/live/contract.ts';
import { descendants, isRunning } from '../harness/processes.ts';
import { decode } from '../harness/recorded.ts';
import { ServerProcess } from '../harness/server.ts';
import { until } from '../harness/until.ts';

jest.setTimeout(500_000);

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 20);
const AT_ONCE = 3;
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const LONGEST_MS = 9_000;
const formats = ['mp4', 'webm'] as const;
/** Small, so that several rooms fit on a small machine. */
const video = { width: 320, height: 180, kbps: 300 };

interface Outcome {
  killed: 'server' | 'recorder' | 'mixer';
  format: string;
  killedAtMs: number;
  lengthMs: number;
  /** Media that should be in the file and is not, or stands still. */
  lacksMs: number;
  audioLacksMs: number;
}

const outcomes: Outcome[] = [];

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

const kinds = ['server', 'recorder', 'mixer'] as const;

/** A moment for each round, from one second on: earlier there is hardly a file. */
const momentsOf = (killed: (typeof kinds)[number]): number[] => {
  const random = randomFrom(SEED + kinds.indexOf(killed));
  return Array.from({ length: ROUNDS }, () => 1000 + Math.round(random() * (LONGEST_MS - 1000)));
};

afterAll(async () => {
  const folder = join(import.meta.dirname, '../../docs/reports');
  await mkdir(folder, { recursive: true });
  const worst = (killed: string, of: 'lacksMs' | 'audioLacksMs') =>
    Math.max(...outcomes.filter((one) => one.killed === killed).map((one) => one[of]));
  const summary = kinds.map((killed) => ({
    killed,
    recordings: outcomes.filter((one) => one.killed === killed).length,
    worstLacksMs: worst(killed, 'lacksMs'),
    worstAudioLacksMs: worst(killed, 'audioLacksMs'),
  }));
  const report = { date: new Date().toISOString(), seed: SEED, rounds: ROUNDS, summary, outcomes };
  await writeFile(join(folder, 'recording-kills.json'), `${JSON.stringify(report, null, 2)}\n`);
  console.log(JSON.stringify({ seed: SEED, summary }));
});

/** Some rounds at a time. Resolves when all are over. */
async function eachMoment(moments: number[], run: (momentMs: number) => Promise<void>): Promise<void> {
  const left = [...moments];
  const worker = async () => {
    for (let moment = left.shift(); moment !== undefined; moment = left.shift()) await run(moment);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

interface Begun {
  server: ServerProcess;
  data: string;
  /** With the moment at which each had its length. */
  recordings: { view: RecordingView; atMs: number }[];
}

async function beginBoth(): Promise<Begun> {
  const data = await mkdtemp(join(tmpdir(), 'rostrum-kills-'));
  const server = await start(data);
  await server.rest.createRoom({ id: 'lab', video });
  const recordings = [];
  for (const format of formats) {
    recordings.push({ view: await server.rest.record('lab', format), atMs: performance.now() });
  }
  return { server, data, recordings };
}

const start = (data: string): Promise<ServerProcess> =>
  ServerProcess.start({ ROSTRUM_DATA: data, ROSTRUM_MIXER_SPARE: 'off', ROSTRUM_LOG_LEVEL: 'warn' });

const pathOf = (data: string, { id, files }: RecordingView): string =>
  join(data, 'recordings', id, files[0]!.name);

/** Ends both, and compares what was recorded with what is in the files. */
async function measure(killed: 'recorder' | 'mixer', momentMs: number, begun: Begun): Promise<void> {
  const { server, data, recordings } = begun;
  for (const { view } of recordings) {
    const over = await server.rest.changeRecording(view.id, 'finished');
    expect(over).toMatchObject({
      state: 'finished',
      reason: null,
      files: [{ name: `${view.id}.${view.format}` }],
    });
    const { video: picture, audio: sound, complaints } = await decode(pathOf(data, over));
    expect(complaints).toBe('');
    const held = picture.longestGapS * 1000;
    const cut = over.durationMs - picture.endS * 1000;
    outcomes.push({
      ...{ killed, format: view.format, killedAtMs: momentMs, lengthMs: over.durationMs },
      lacksMs: Math.round(Math.max(held, cut)),
      audioLacksMs: Math.round(Math.max(sound.longestGapS * 1000, over.durationMs - sound.endS * 1000)),
    });
  }
  await server.stop();
  await rm(data, { recursive: true });
}

describe(`seed ${SEED}`, () => {
  test('the server', async () => {
    await eachMoment(momentsOf('server'), async (momentMs) => {
      const { server, data, recordings } = await beginBoth();
      await sleep(momentMs);
      const children = descendants(server.pid);
      expect(children.length).toBeGreaterThanOrEqual(3);
      const killedMs = performance.now();
      process.kill(server.pid, 'SIGKILL');
      await until('no process of ours is left', () => !children.some(({ pid }) => isRunning(pid)), {
        timeoutMs: 1000,
      });
      await server.stop('SIGKILL');
      const next = await start(data);
      for (const { view, atMs } of recordings) {
        const adopted = await until('it is adopted', async () =>
          (await next.rest.recordings('lab').catch(() => [])).find(({ id }) => id === view.id),
        );
        expect(adopted).toMatchObject({ state: 'finished', reason: null });
        const decoded = await decode(pathOf(data, adopted));
        expect(decoded.complaints).toBe('');
        const lengthMs = view.durationMs + killedMs - atMs;
        outcomes.push({
          ...{ killed: 'server', format: view.format, killedAtMs: momentMs, lengthMs: Math.round(lengthMs) },
          lacksMs: Math.round(lengthMs - decoded.video.endS * 1000),
          audioLacksMs: Math.round(lengthMs - decoded.audio.endS * 1000),
        });
      }
      await next.stop();
      await rm(data, { recursive: true });
    });
    const lacks = outcomes.filter(({ killed }) => killed === 'server');
    expect(lacks.length).toBe(ROUNDS * 2);
    for (const one of lacks) {
      expect(one.lacksMs).toBeLessThanOrEqual(1000);
      expect(one.audioLacksMs).toBeLessThanOrEqual(1000);
    }
  });

  test('the recorders', async () => {
    await eachMoment(momentsOf('recorder'), async (momentMs) => {
      const begun = await beginBoth();
      await sleep(momentMs);
      const recorders = () =>
        descendants(begun.server.pid).filter(({ command }) => command.includes('egress recording/'));
      const before = recorders();
      expect(before.length).toBe(2);
      for (const { pid } of before) process.kill(pid, 'SIGKILL');
      const isNew = ({ pid }: { pid: number }) => !before.some((one) => one.pid === pid);
      await until('others record', () => recorders().filter(isNew).length === 2);
      await sleep(1500);
      await measure('recorder', momentMs, begun);
    });
    for (const one of outcomes.filter(({ killed }) => killed === 'recorder')) {
      expect(one.lacksMs).toBeLessThanOrEqual(1000);
      expect(one.audioLacksMs).toBeLessThanOrEqual(1000);
    }
  });

  test('the mixer', async () => {
    await eachMoment(momentsOf('mixer'), async (momentMs) => {
      const begun = await beginBoth();
      await sleep(momentMs);
      const pid = await begun.server.rest.metric('rostrum_mixer_process_id');
      process.kill(pid!, 'SIGKILL');
      await sleep(2500);
      await measure('mixer', momentMs, begun);
    });
    for (const one of outcomes.filter(({ killed }) => killed === 'mixer')) {
      expect(one.lacksMs).toBeLessThanOrEqual(1500);
      // Silence stands in for the sound that was not mixed.
      expect(one.audioLacksMs).toBeLessThanOrEqual(200);
    }
  });
});
