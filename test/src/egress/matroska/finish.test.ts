import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findFfmpeg } from '../../../../src/egress/ffmpeg/find.ts';
import { type Block, walk } from '../../../../src/egress/matroska/blocks.ts';
import { finishMatroska } from '../../../../src/egress/matroska/finish.ts';
import { ElementReader } from '../../../../src/egress/matroska/reader.ts';
import { MatroskaWriter } from '../../../../src/egress/matroska/writer.ts';
import { lengthOf } from '../../../../src/egress/recording/measure.ts';
import { readPictures } from '../events.ts';
import { type Film, makeFilm } from '../film.ts';

let folder: string;
let ffmpeg: Awaited<ReturnType<typeof findFfmpeg>>;
let film: Film;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rostrum-finish-'));
  ffmpeg = await findFfmpeg();
  film = await makeFilm(ffmpeg.path, 0, 3, 1_000_000);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The film's pictures as a track is written while it runs. */
function written(name: string): string {
  const path = join(folder, name);
  const { width, height, fps } = film;
  const writer = new MatroskaWriter({
    video: { codec: 'h264', width, height, fps },
    audio: false,
    file: 'matroska',
  });
  writeFileSync(path, '');
  for (const { ptsUs: timeUs, ...chunk } of film.video)
    appendFileSync(path, Buffer.concat(writer.write({ ...chunk, timeUs, media: 'video' })));
  return path;
}

async function blocksOf(path: string): Promise<Block[]> {
  return ElementReader.over(path, async (reader) => {
    const blocks: Block[] = [];
    for await (const found of walk(reader)) if (found.type === 'block') blocks.push(found.block);
    return blocks;
  });
}

test('gets its length and an index, once; every packet is read back', async () => {
  const path = written('whole.mkv');
  expect(await lengthOf(ffmpeg, path)).toBe(0);
  expect(await finishMatroska(path)).toBeCloseTo(3e6, -3);
  const bytes = readFileSync(path);
  expect(Math.abs((await lengthOf(ffmpeg, path)) - 3000)).toBeLessThanOrEqual(20);
  const { pictures, stderr } = await readPictures(ffmpeg.path, path);
  expect([pictures.length, stderr]).toEqual([90, '']);
  const blocks = await blocksOf(path);
  expect(blocks.map(({ keyFrame }) => keyFrame)).toEqual(film.video.map(({ keyFrame }) => keyFrame));
  expect(blocks[60]!.timeUs).toBeCloseTo(2e6, -3);
  expect(await finishMatroska(path)).toBeCloseTo(3e6, -3);
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test('cut off anywhere, what was whole before is kept and can be played', async () => {
  const { size } = statSync(written('whole.mkv'));
  for (const share of [0.3, 0.62, 0.9]) {
    const path = written(`cut-${share}.mkv`);
    truncateSync(path, Math.floor(size * share));
    const lengthUs = await finishMatroska(path);
    const blocks = await blocksOf(path);
    expect(blocks.length).toBeGreaterThan(10);
    expect(lengthUs).toBeCloseTo(blocks.at(-1)!.timeUs + blocks.at(-1)!.durationUs, 0);
    const { pictures, stderr } = await readPictures(ffmpeg.path, path);
    expect([pictures.length, stderr]).toEqual([blocks.length, '']);
  }
});

test('what holds nothing, or is no such file, is said to last no time', async () => {
  for (const [name, bytes] of [
    ['empty', Buffer.alloc(0)],
    ['noise', Buffer.alloc(5000, 0x5a)],
    ['zeros', Buffer.alloc(5000)],
    ['ones', Buffer.alloc(5000, 0xff)],
    ['header', readFileSync(written('head.mkv')).subarray(0, 60)],
  ] as const) {
    writeFileSync(join(folder, name), bytes);
    expect(await finishMatroska(join(folder, name))).toBe(0);
  }
});
