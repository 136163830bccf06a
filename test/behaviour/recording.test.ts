/** Recordings of real people's flashes and beeps, as files that are decoded and played. */

import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { linksOf, openPage, play } from '../harness/playback.ts';
import { descendants, isRunning } from '../harness/processes.ts';
import { beats, decode, offsetsMs } from '../harness/recorded.ts';
import type { Rgb } from '../harness/reports.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';

jest.setTimeout(90_000);

const BLUE: Rgb = [30, 60, 160];
let server: ServerProcess;
let studio: Studio;
let stage: Stage;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rostrum-recording-'));
  server = await ServerProcess.start();
  studio = await Studio.open();
  stage = await Stage.open(server, studio);
  const speaker = await stage.speak('Blue', { colour: BLUE, toneHz: 1000, beat: true });
  await stage.pictureOf(speaker);
});

afterAll(async () => {
  await studio?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Fetches the only file of a recording that is over. */
async function fetched(id: string): Promise<string> {
  const recording = (await server.rest.recordings(stage.room)).find((one) => one.id === id)!;
  expect(recording).toMatchObject({ state: 'finished', reason: null });
  const [file] = recording.files;
  const bytes = await server.rest.file(id, file!.name);
  expect(bytes.length).toBe(file!.bytes);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(file!.sha256);
  const path = join(folder, file!.name);
  await writeFile(path, bytes);
  return path;
}

async function expectInSync(path: string): Promise<void> {
  const offsets = offsetsMs(await beats(path));
  expect(offsets.length).toBeGreaterThanOrEqual(5);
  for (const some of [offsets.slice(0, 3), offsets.slice(-3)]) {
    const mean = some.reduce((sum, offset) => sum + offset, 0) / some.length;
    expect(Math.abs(mean)).toBeLessThanOrEqual(40);
  }
}

describe.each([
  ['mp4', 'h264', 'aac'],
  ['webm', 'vp8', 'opus'],
] as const)('a recording as %s', (format, video, audio) => {
  test(`is ${video} and ${audio}, complete, in sync, and plays from anywhere in a browser`, async () => {
    const { id } = await server.rest.record(stage.room, format);
    await sleep(8000);
    const { durationMs } = await server.rest.changeRecording(id, 'finished');
    expect(Math.abs(durationMs - 8000)).toBeLessThanOrEqual(200);

    const path = await fetched(id);
    const decoded = await decode(path);
    expect(decoded).toMatchObject({ complaints: '', video: { codec: video }, audio: { codec: audio } });
    expect(Math.abs(decoded.video.startS - decoded.audio.startS)).toBeLessThanOrEqual(0.04);
    expect(Math.abs(decoded.video.endS - decoded.audio.endS)).toBeLessThanOrEqual(0.05);
    expect(Math.abs(decoded.video.endS - 8)).toBeLessThanOrEqual(0.2);
    await expectInSync(path);

    const page = await openPage(studio, server.url);
    const link = (await linksOf(page, await server.rest.token(stage.room, 'host', 'Host'))).find((one) =>
      one.includes(id),
    );
    const played = await play(page, link!, [0, 5, 2]);
    await page.close();
    expect(played.error).toBeNull();
    expect(Math.abs(played.durationS - 8)).toBeLessThanOrEqual(0.25);
    expect(played.width).toBe(1280);
    expect(played.positionsS.map(Math.floor)).toEqual([0, 5, 2]);
    for (const brightness of played.brightness) expect(brightness).toBeGreaterThan(30);
  });
});

test('paused twice: one file without the pauses, and still in sync', async () => {
  const { id } = await server.rest.record(stage.room, 'mp4');
  for (const pausedMs of [1300, 700]) {
    await sleep(3000);
    expect(await server.rest.changeRecording(id, 'paused')).toMatchObject({ state: 'paused' });
    const before = (await server.rest.recordings(stage.room))[0]!.durationMs;
    await sleep(pausedMs);
    expect((await server.rest.recordings(stage.room))[0]!.durationMs).toBe(before);
    expect(await server.rest.changeRecording(id, 'recording')).toMatchObject({ state: 'recording' });
  }
  await sleep(3000);
  await server.rest.changeRecording(id, 'finished');
  const path = await fetched(id);
  const { video, audio, complaints } = await decode(path);
  expect(complaints).toBe('');
  expect(Math.abs(video.endS - 9)).toBeLessThanOrEqual(0.3);
  expect(Math.abs(video.endS - audio.endS)).toBeLessThanOrEqual(0.05);
  expect(video.longestGapS).toBeLessThan(0.3);
  await expectInSync(path);
});

test('the room and its picture say what goes on', async () => {
  const { id } = await server.rest.record(stage.room, 'webm');
  await expect(server.rest.record(stage.room, 'webm')).rejects.toThrow(/409/);
  expect((await server.rest.room(stage.room)).recordings).toEqual([id]);
  expect((await server.rest.snapshot(stage.room)).subarray(0, 3).toString('hex')).toBe('ffd8ff');
  await server.rest.deleteRoom(stage.room);
  const [recording] = await until('the recording is finished', async () => {
    const all = await server.rest.recordings(stage.room);
    return all[0]?.state === 'finished' && all;
  });
  expect(recording).toMatchObject({ id, files: [{ name: `${id}.webm`, type: 'video/webm' }] });
});

test('a signal to the whole group, as of Ctrl-C, leaves a finished file', async () => {
  const data = join(folder, 'data');
  const own = await ServerProcess.start({ ROSTRUM_DATA: data });
  await own.rest.createRoom({ id: 'lab' });
  const { id } = await own.rest.record('lab', 'mp4');
  await sleep(2500);
  const children = descendants(own.pid);
  expect(children.some(({ command }) => command.includes(`egress recording/${id}`))).toBe(true);
  for (const { pid } of children) process.kill(pid, 'SIGINT');
  expect(await own.stop('SIGINT')).toEqual({ code: 0, signal: null });
  expect(children.filter(({ pid }) => isRunning(pid))).toEqual([]);
  expect((await readdir(join(data, 'recordings', id))).sort()).toEqual(['journal.jsonl', `${id}.mp4`]);
  const { video, audio, complaints } = await decode(join(data, 'recordings', id, `${id}.mp4`));
  expect(complaints).toBe('');
  expect(Math.min(video.endS, audio.endS)).toBeGreaterThan(2.4);
});
