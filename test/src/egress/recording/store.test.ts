/** Recordings of a real mixer's program, by real ffmpegs, the bundled one included. */

import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Ffmpeg } from '../../../../src/egress/ffmpeg/ffmpeg.ts';
import { bundledPath, findFfmpeg } from '../../../../src/egress/ffmpeg/find.ts';
import { RecordingStore, type RecordingStoreParts } from '../../../../src/egress/recording/store.ts';
import type { RecordingView } from '../../../../src/egress/recording/view.ts';
import { decode } from '../../../harness/recorded.ts';
import { until } from '../../../harness/until.ts';
import { MixerFeed, nowUs } from './mixerFeed.ts';

jest.setTimeout(60_000);

const log = { info() {}, warn() {}, error() {} };
let feed: MixerFeed;
let folder: string;
let system: Ffmpeg;
let stores: RecordingStore[] = [];

beforeAll(async () => {
  system = await findFfmpeg();
  feed = new MixerFeed();
});
afterAll(() => feed.close());

beforeEach(() => {
  feed.forget();
  folder = mkdtempSync(join(tmpdir(), 'rostrum-store-'));
});
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  stores = [];
  rmSync(folder, { recursive: true, force: true });
});

function createStore(changes: Partial<RecordingStoreParts> = {}): RecordingStore {
  const settings = { folder, lowWaterBytes: 0, retentionDays: 0, keyFrameIntervalMs: 1000 };
  const store = new RecordingStore({ ...settings, ffmpeg: async () => system, nowUs, log, ...changes });
  stores.push(store);
  return store;
}

const begin = (store: RecordingStore, format: string, changed: (view: RecordingView) => void = () => {}) =>
  store.begin({ room: 'lab', format, feed, changed });

async function decoded(store: RecordingStore, id: string) {
  const [file] = store.get(id).files;
  return decode(store.file(id, file!.name).path);
}

describe('with the bundled ffmpeg', () => {
  test.each([
    ['mp4', 'h264', 'aac'],
    ['webm', 'vp8', 'opus'],
  ])('%s: paused, resumed, finished; one file that is whole', async (format, video, audio) => {
    const ffmpeg = await findFfmpeg(await bundledPath());
    const store = createStore({ ffmpeg: async () => ffmpeg });
    const { id } = await begin(store, format);
    await sleep(1500);
    await store.change(id, 'paused');
    await sleep(500);
    await store.change(id, 'recording');
    await sleep(1500);
    expect(store.get(id).state).toBe('recording');
    const over = await store.change(id, 'finished');
    expect(over).toMatchObject({ state: 'finished', reason: null, files: [{ name: `${id}.${format}` }] });
    expect(await store.change(id, 'finished')).toEqual(over);
    await expect(store.change(id, 'recording')).rejects.toMatchObject({ code: 'recording-over' });
    expect(readdirSync(join(folder, id)).sort()).toEqual(['journal.jsonl', `${id}.${format}`]);
    const file = await decoded(store, id);
    expect(file).toMatchObject({ complaints: '', video: { codec: video }, audio: { codec: audio } });
    expect(Math.abs(file.video.endS - 3)).toBeLessThan(0.3);
    expect(Math.abs(file.video.endS - file.audio.endS)).toBeLessThan(0.05);
  });
});

test('a killed recorder is replaced, and nothing is missing', async () => {
  const store = createStore();
  const recording = await begin(store, 'mp4');
  // Longer than the backlog, so that the second part begins in the middle of the first.
  await sleep(8000);
  const { pid } = recording;
  process.kill(pid!, 'SIGKILL');
  await until('another one writes', () => recording.pid !== undefined && recording.pid !== pid);
  await sleep(1000);
  const { durationMs, files } = await store.change(recording.id, 'finished');
  expect(files.length).toBe(1);
  const { video, audio, complaints } = await decoded(store, recording.id);
  expect(complaints).toBe('');
  expect(Math.abs(video.endS * 1000 - durationMs)).toBeLessThan(100);
  expect(Math.abs(video.endS - audio.endS)).toBeLessThan(0.06);
  expect(video.longestGapS).toBeLessThan(feed.longestGapS('video') + 0.05);
  expect(audio.longestGapS).toBeLessThan(feed.longestGapS('audio') + 0.05);
});

test('a recorder that hangs is killed and replaced, and nothing is missing', async () => {
  const store = createStore();
  const recording = await begin(store, 'webm');
  await sleep(500);
  const { pid } = recording;
  process.kill(pid!, 'SIGSTOP');
  // What waits is counted in bytes, and a slate is small: the recorder is relieved at the end at the latest.
  await sleep(1000);
  const { state, durationMs } = await store.change(recording.id, 'finished');
  expect(state).toBe('finished');
  expect((await decoded(store, recording.id)).video.endS * 1000).toBeGreaterThan(durationMs - 1000);
});

test('the parts of a server that was killed are adopted, repaired and listed', async () => {
  const store = createStore();
  const { id } = await begin(store, 'mp4');
  await sleep(3000);
  // The folder as a crash at this moment leaves it, the last fragment half written.
  const left = mkdtempSync(join(tmpdir(), 'rostrum-left-'));
  cpSync(folder, left, { recursive: true });
  writeFileSync(join(left, id, 'part-1.mp4'), Buffer.from([0, 0, 1, 0, 109, 111, 111, 102, 1]), {
    flag: 'a',
  });
  writeFileSync(join(left, id, `${id}.mp4.0123.tmp`), 'left over');
  const next = createStore({ folder: left });
  await next.open();
  const view = next.get(id);
  expect(view).toMatchObject({ room: 'lab', state: 'finished', files: [{ name: `${id}.mp4` }] });
  expect(view.durationMs).toBeGreaterThan(2000);
  expect((await decoded(next, id)).complaints).toBe('');
  expect(readdirSync(join(left, id)).sort()).toEqual(['journal.jsonl', `${id}.mp4`]);
  // And the server after that finds it finished.
  const later = createStore({ folder: left });
  await later.open();
  expect(later.list()).toEqual([view]);
  rmSync(left, { recursive: true });
});

describe('refused', () => {
  test('another of the same format in the room, an unknown format, one without ffmpeg or folder', async () => {
    const store = createStore();
    const { id } = await begin(store, 'webm');
    await expect(begin(store, 'webm')).rejects.toMatchObject({ code: 'recording-exists', status: 409 });
    await expect(begin(store, 'avi')).rejects.toMatchObject({ code: 'invalid-request', status: 422 });
    await store.remove(id);
    expect(() => store.get(id)).toThrow(/no-such-recording/);
    expect(existsSync(join(folder, id))).toBe(false);
    const broken = createStore({ ffmpeg: () => Promise.reject(new Error('none')) });
    await expect(begin(broken, 'mp4')).rejects.toMatchObject({ code: 'cannot-record', status: 503 });
    writeFileSync(join(folder, 'plain'), '');
    const nowhere = createStore({ folder: join(folder, 'plain', 'sub') });
    await expect(begin(nowhere, 'mp4')).rejects.toMatchObject({ code: 'cannot-record' });
  });

  test('an ffmpeg that cannot start ends the recording as failed, with the reason', async () => {
    const store = createStore({ ffmpeg: async () => ({ ...system, path: '/bin/false' }) });
    const states: string[] = [];
    const { id } = await begin(store, 'mp4', ({ state }) => states.push(state));
    await until('it fails', () => store.get(id).state === 'failed', { timeoutMs: 20_000 });
    expect(store.get(id)).toMatchObject({ files: [], reason: expect.stringMatching(/keeps ending/) });
    expect(states.at(-1)).toBe('failed');
  });

  test('names that are not those of its files', async () => {
    const store = createStore();
    const { id } = await begin(store, 'webm');
    expect(() => store.file(id, 'part-1.webm')).toThrow(/not-found/);
    await store.change(id, 'finished');
    symlinkSync('/etc/passwd', join(folder, id, 'link.webm'));
    for (const name of ['../x', '%2e%2e/x', '/etc/passwd', 'journal.jsonl', 'link.webm', '\0', '__proto__']) {
      expect(() => store.file(id, name)).toThrow(/not-found/);
    }
    expect(() => store.file('../lab', 'x')).toThrow(/no-such-recording/);
  });
});

test('what is kept long enough is removed', async () => {
  const first = createStore();
  const { id } = await begin(first, 'webm');
  await first.change(id, 'finished');
  const journal = join(folder, id, 'journal.jsonl');
  execFileSync('sed', ['-i', 's/"endedAt":"20/"endedAt":"19/', journal]);
  const keeping = createStore();
  await keeping.open();
  expect(keeping.list().length).toBe(1);
  const forgetting = createStore({ retentionDays: 30 });
  await forgetting.open();
  await until('it is removed', () => !existsSync(join(folder, id)));
  expect(forgetting.list()).toEqual([]);
});

/** A file system of a few megabytes, where this machine lets us have one. */
function mountSmall(megabytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a full disk', () => {
  test.each([
    ['below the reserve', 3_000_000, /disk is full: \d+ MB are left/],
    ['to the last byte', 0, /the disk is full/],
  ])('%s: ends as failed, and what was saved plays', async (_, lowWaterBytes, reason) => {
    if (!mountSmall(5)) return console.warn('skipped: mounting a small file system is not allowed here');
    try {
      const store = createStore({ lowWaterBytes });
      const { id } = await begin(store, 'mp4');
      await sleep(1500);
      writeFileSync(join(folder, 'ballast'), Buffer.alloc(lowWaterBytes > 0 ? 3_000_000 : 4_000_000));
      if (lowWaterBytes === 0) fillUp(join(folder, 'more'));
      await until('it has failed', () => store.get(id).state === 'failed', { timeoutMs: 15_000 });
      expect(store.get(id).reason).toMatch(reason);
      const { video, audio } = await decoded(store, id);
      expect(video.endS).toBeGreaterThan(0.9);
      expect(audio.endS).toBeGreaterThan(0.9);
      if (lowWaterBytes > 0) await expect(begin(store, 'mp4')).rejects.toMatchObject({ code: 'disk-full' });
      await store.close();
    } finally {
      execFileSync('umount', [folder]);
    }
  });
});

function fillUp(path: string): void {
  try {
    for (;;) writeFileSync(path, Buffer.alloc(4096), { flag: 'a' });
  } catch {
    expect(statSync(path).size).toBeGreaterThan(0);
  }
}
