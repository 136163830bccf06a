/** Recordings that keep each speaker's own tracks: what is in the files, and where they stand in time. */

import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { BundleDocument, BundleTrack } from '../../src/egress/bundle/document.ts';
import type { RecordingView } from '../../src/live/contract.ts';
import { isRunning } from '../harness/processes.ts';
import { beepsIn, chaptersIn, colourAt, flashesIn, offsetsMs } from '../harness/recorded.ts';
import type { Rgb } from '../harness/reports.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';

jest.setTimeout(90_000);

const BLUE: Rgb = [30, 60, 160];
const RED: Rgb = [200, 40, 40];
let server: ServerProcess;
let studio: Studio;
let stage: Stage;
let folder: string;
let data: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rostrum-bundle-'));
  data = join(folder, 'data');
  server = await ServerProcess.start({ ROSTRUM_DATA: data });
  studio = await Studio.open();
  stage = await Stage.open(server, studio);
  await stage.pictureOf(await stage.speak('Blue', { colour: BLUE, toneHz: 1000, codec: 'h264', beat: true }));
});

afterAll(async () => {
  await studio?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const isRed = ([red, green, blue]: Rgb): boolean => red > 150 && green < 80 && blue < 80;

/** Fetches every file over HTTP, as listed. */
async function fetched({ id, files }: RecordingView): Promise<BundleDocument> {
  for (const { name, bytes, sha256 } of files) {
    const body = await server.rest.file(id, name);
    expect([name, body.length]).toEqual([name, bytes]);
    expect(createHash('sha256').update(body).digest('hex')).toBe(sha256);
    await writeFile(join(folder, name), body);
  }
  return JSON.parse((await server.rest.file(id, 'bundle.json')).toString()) as BundleDocument;
}

const tracksOf = (document: BundleDocument, person: string, media: 'audio' | 'video'): BundleTrack[] =>
  document.tracks.filter((track) => track.person === person && track.media === media);

/** Moments in these files, as the recording counts them, in seconds. */
async function allIn(tracks: BundleTrack[], read: (path: string) => Promise<number[]>): Promise<number[]> {
  const found = tracks.map(async ({ file, startMs }) =>
    (await read(join(folder, file))).map((atS) => atS + startMs / 1000),
  );
  return (await Promise.all(found)).flat();
}

/** By how much each sound of the program comes later than the speaker's own, ms. */
const delaysMs = (mixed: number[], own: number[]): number[] =>
  mixed.map((time) => {
    const nearest = own.reduce((best, each) => (Math.abs(time - each) < Math.abs(time - best) ? each : best));
    return Math.round((time - nearest) * 1000);
  });

/** Mixing takes a moment, more of it after a disturbance; no sound is in the mix before it was made. */
function expectAligned(mixed: number[], own: number[]): void {
  const delays = delaysMs(mixed, own);
  // A mixer that dies or a speaker who is just heard again may cut a sound in two.
  const odd = delays.filter((delay) => delay < -20 || delay > 300);
  expect([delays, odd.length <= 1]).toEqual([delays, true]);
}

test('tracks, timeline, chapters and a poster, through the death of a mixer and somebody coming back', async () => {
  const { id } = await server.rest.record(stage.room, 'mp4', true);
  await sleep(1800);
  const red = await stage.speak('Red', { colour: RED, toneHz: null, codec: 'vp8' });
  await sleep(1500);
  const marked = await server.rest.mark(id, 'Questions; # and = answers');
  expect(marked.chapters.length).toBe(1);
  process.kill((await server.rest.metric('rostrum_mixer_process_id'))!, 'SIGKILL');
  await sleep(2000);
  await studio.call('stopSpeaking', red.speaker);
  await sleep(500);
  const again = { server: server.url, room: stage.room, token: red.token };
  await studio.speak({ ...again, colour: RED, toneHz: null, codec: 'vp8' });
  await sleep(1500);
  // Beeps are too short to be speech; this is not.
  const talking = await studio.speak({ ...again, colour: RED, toneHz: 440, codec: 'vp8' });
  const isTalking = async () => (await server.rest.participants(stage.room)).some(({ speaking }) => speaking);
  await until('Red speaks', isTalking);
  // Long enough for their picture to be looked at.
  await sleep(1000);
  const recording = await server.rest.changeRecording(id, 'finished');
  await studio.call('stopSpeaking', talking);
  expect(recording).toMatchObject({ state: 'finished', reason: null, tracks: true });
  expect(recording.files[0]!.name).toBe(`${id}.mp4`);

  const document = await fetched(recording);
  expect(document).toMatchObject({ version: 1, id, room: stage.room, program: [`${id}.mp4`] });
  const program = join(folder, `${id}.mp4`);

  // Blue's own sound and picture stand where the program has them, less the time the mix takes.
  const beeps = await allIn(tracksOf(document, 'Blue', 'audio'), beepsIn);
  const flashes = await allIn(tracksOf(document, 'Blue', 'video'), flashesIn);
  expect(Math.min(beeps.length, flashes.length)).toBeGreaterThanOrEqual(5);
  const offsets = offsetsMs({ flashes, beeps });
  expect(offsets.length).toBeGreaterThanOrEqual(5);
  for (const offset of offsets) expect(Math.abs(offset)).toBeLessThanOrEqual(60);
  // Where Red talks no beep stands out.
  const talkS = tracksOf(document, 'Red', 'audio').at(-1)!.startMs / 1000;
  const mixed = (await beepsIn(program)).filter((atS) => atS < talkS);
  expect(mixed.length).toBeGreaterThanOrEqual(5);
  expectAligned(mixed, beeps);

  // Red came twice, and each time is a file of its own.
  const seen = tracksOf(document, 'Red', 'video');
  expect(seen.length).toBeGreaterThanOrEqual(2);
  expect(seen.every(({ codec, file }) => codec === 'vp8' && file.endsWith('.webm'))).toBe(true);
  expect(seen[0]!.startMs).toBeGreaterThan(1700);
  expect(seen.at(-1)!.startMs).toBeGreaterThan(5500);
  for (const { file } of [seen[0]!, seen.at(-1)!]) {
    const colour = await colourAt(join(folder, file), 0.3, 0.85, 0.5);
    // Other software converts with another matrix, so it is not exactly ours.
    expect([colour, isRed(colour)]).toEqual([colour, true]);
  }

  const tiles = document.timeline.map(({ scene }) => (scene as { tiles: unknown[] }).tiles.length);
  expect(tiles).toEqual(expect.arrayContaining([1, 2]));
  expect(tiles.at(-1)).toBe(2);
  expect(document.floor.some(({ speaking }) => speaking.length === 1)).toBe(true);
  expect(document.participants.map(({ name }) => name).sort()).toEqual(['Blue', 'Red']);

  const [chapter] = document.chapters;
  expect(chapter!.atMs).toBeGreaterThan(3200);
  expect((await chaptersIn(program)).at(-1)!.startS).toBeCloseTo(chapter!.atMs / 1000, 1);
  const poster = await server.rest.file(id, 'poster.jpg');
  expect(poster.subarray(0, 3).toString('hex')).toBe('ffd8ff');
  await expect(server.rest.mark(id)).rejects.toThrow(/409.*recording-over/);
  for (const name of ['room.jsonl', 'journal.jsonl', '..%2fsecrets.json'])
    await expect(server.rest.file(id, name)).rejects.toThrow(/404/);
});

test('paused, nothing of anybody is kept; after the death of the server all is there', async () => {
  const { id } = await server.rest.record(stage.room, 'webm', true);
  await sleep(1800);
  await server.rest.changeRecording(id, 'paused');
  await sleep(900);
  await server.rest.changeRecording(id, 'recording');
  await sleep(1800);
  await server.rest.mark(id, 'The end');
  await sleep(300);
  const { pid } = server;
  process.kill(pid, 'SIGKILL');
  await until('it is gone', () => !isRunning(pid));
  server = await ServerProcess.start({ ROSTRUM_DATA: data });
  const recording = await until('it is adopted', async () =>
    (await server.rest.recordings(stage.room)).find((one) => one.id === id),
  );
  expect(recording).toMatchObject({ state: 'finished', tracks: true, chapters: [{ title: 'The end' }] });
  const document = await fetched(recording);
  expect(document.durationMs).toBeGreaterThan(2800);
  expect(document.durationMs).toBeLessThan(4400);
  const heard = tracksOf(document, 'Blue', 'audio');
  expect(heard.length).toBe(2);
  expect(Math.abs(heard[1]!.startMs - (heard[0]!.startMs + heard[0]!.durationMs))).toBeLessThan(500);
  const beeps = await allIn(heard, beepsIn);
  const mixed = await beepsIn(join(folder, `${id}.webm`));
  expect(mixed.length).toBeGreaterThanOrEqual(2);
  expectAligned(mixed, beeps);
});
