import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { TrackChunk, TrackStream } from '../../../../src/egress/bundle/feed.ts';
import { type TrackNote, TrackRecorder } from '../../../../src/egress/bundle/trackRecorder.ts';
import { type Block, walk } from '../../../../src/egress/matroska/blocks.ts';
import { finishMatroska } from '../../../../src/egress/matroska/finish.ts';
import { ElementReader } from '../../../../src/egress/matroska/reader.ts';

/** The recording began at this moment of the program. */
const ZERO_US = 5e9;
const log = { info() {}, warn() {}, error() {} };
let folder: string;
let notes: TrackNote[];
let asked: number;
let recorder: TrackRecorder;

function open(into = folder): void {
  recorder = new TrackRecorder({
    ...{ folder: into, log, begun: (note) => notes.push(note) },
    timeOf: (ptsUs) => (ptsUs < ZERO_US - 1e6 ? null : ptsUs - ZERO_US),
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rostrum-tracks-'));
  notes = [];
  asked = 0;
  open();
});
afterEach(async () => {
  await recorder.close();
  rmSync(folder, { recursive: true });
});

const stream = (media: 'audio' | 'video'): TrackStream => ({
  ...{ participant: 'ada', name: '../Ada', kind: 'camera', media, codec: media === 'audio' ? 'opus' : 'vp8' },
  keyFrame: () => asked++,
});

const picture = (atMs: number, keyFrame = false, width = 640): TrackChunk => ({
  ...{ keyFrame, ptsUs: ZERO_US + atMs * 1000, durationUs: 0, width, height: 360 },
  bytes: Buffer.from(`picture at ${atMs}`),
});

const sound = (atMs: number): TrackChunk => ({
  ...{ keyFrame: true, ptsUs: ZERO_US + atMs * 1000, durationUs: 20_000, width: 0, height: 0 },
  bytes: Buffer.from(`sound at ${atMs}`),
});

async function blocksOf({ name }: TrackNote): Promise<Block[]> {
  const path = join(folder, name);
  await finishMatroska(path);
  return ElementReader.over(path, async (reader) => {
    const blocks: Block[] = [];
    for await (const found of walk(reader)) if (found.type === 'block') blocks.push(found.block);
    return blocks;
  });
}

test('pictures begin with a key frame, which is asked for, and last until the next', async () => {
  const camera = stream('video');
  for (const atMs of [0, 100, 400, 700]) recorder.push(camera, picture(atMs));
  expect(asked).toBe(2);
  recorder.push(camera, picture(800, true));
  for (const atMs of [850, 840, 1000]) recorder.push(camera, picture(atMs));
  await recorder.close();
  expect(notes).toMatchObject([{ name: 'track-1-camera-video.webm', startUs: 800_000, person: '../Ada' }]);
  const blocks = await blocksOf(notes[0]!);
  expect(blocks.map(({ bytes }) => bytes.toString())).toEqual([
    'picture at 800',
    'picture at 850',
    'picture at 1000',
  ]);
  expect(blocks.map(({ timeUs }) => timeUs)).toEqual([0, 50_000, 200_000]);
  expect(blocks.map(({ durationUs }) => durationUs)).toEqual([50_000, 150_000, 33_300]);
});

test('another size, or another stream, is another file that says where it begins', async () => {
  const camera = stream('video');
  recorder.push(camera, picture(0, true));
  recorder.push(camera, picture(500, true));
  recorder.push(camera, picture(1000, true, 320));
  recorder.push(stream('video'), picture(2000, true, 320));
  await recorder.close();
  expect(notes.map(({ startUs, width }) => [startUs, width])).toEqual([
    [0, 640],
    [1_000_000, 320],
    [2_000_000, 320],
  ]);
  expect((await blocksOf(notes[0]!)).length).toBe(2);
  expect((await blocksOf(notes[1]!)).length).toBe(1);
});

test('sound that was overtaken is put in its place; what is of no time here is left out', async () => {
  const microphone = stream('audio');
  recorder.push(microphone, sound(-5000));
  for (const atMs of [0, 40, 20, 60, 400]) recorder.push(microphone, sound(atMs));
  await recorder.close();
  const blocks = await blocksOf(notes[0]!);
  expect(blocks.map(({ timeUs }) => timeUs / 1000)).toEqual([0, 20, 40, 60, 400]);
  expect(blocks.every(({ durationUs, keyFrame }) => durationUs === 20_000 && keyFrame)).toBe(true);
});

test('closed, it begins anew with other files; a disk that takes nothing costs only the track', async () => {
  const microphone = stream('audio');
  recorder.push(microphone, sound(0));
  await recorder.close();
  recorder.push(microphone, sound(1000));
  await recorder.close();
  expect(readdirSync(folder).sort()).toEqual(notes.map(({ name }) => name));
  expect(notes.map(({ startUs }) => startUs)).toEqual([0, 1_000_000]);
  open(join(folder, 'none'));
  recorder.push(microphone, sound(2000));
  await recorder.close();
  expect(readdirSync(folder).length).toBe(2);
});
