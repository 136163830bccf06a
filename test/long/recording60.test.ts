/** A minute of each format, as the numbers to hold say: complete, in sync from the first second to the last. */

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { linksOf, openPage, play } from '../harness/playback.ts';
import { beats, decode, offsetsMs } from '../harness/recorded.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';

jest.setTimeout(200_000);

const SECONDS = 60;
let server: ServerProcess;
let studio: Studio;
let stage: Stage;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rostrum-recording-'));
  server = await ServerProcess.start();
  studio = await Studio.open();
  stage = await Stage.open(server, studio);
  const speaker = await stage.speak('Blue', { colour: [30, 60, 160], toneHz: 1000, beat: true });
  await stage.pictureOf(speaker);
});

afterAll(async () => {
  await studio?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Probed {
  streams: { codec_type: string; codec_name: string }[];
  format: { duration: string };
}

/** Longest time from one key frame to the next, seconds. */
function keyFrameDistanceS(path: string): number {
  const args = ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time,flags'];
  const text = execFileSync('ffprobe', [...args, '-of', 'csv=p=0', path], { encoding: 'utf8' });
  const keys = [...text.matchAll(/^([\d.]+),K/gm)].map(([, time]) => Number(time));
  return Math.max(...keys.slice(1).map((time, index) => time - keys[index]!));
}

function probe(path: string): Probed {
  const args = ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', path];
  return JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' })) as Probed;
}

test.each([
  ['mp4', 'h264', 'aac'],
  ['webm', 'vp8', 'opus'],
] as const)('%s', async (format, video, audio) => {
  const { id } = await server.rest.record(stage.room, format);
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  const { files } = await server.rest.changeRecording(id, 'finished');
  const path = join(folder, files[0]!.name);
  await writeFile(path, await server.rest.file(id, files[0]!.name));

  const { streams, format: container } = probe(path);
  expect(streams.map(({ codec_name }) => codec_name)).toEqual([video, audio]);
  expect(Math.abs(Number(container.duration) - SECONDS)).toBeLessThanOrEqual(0.2);
  expect(keyFrameDistanceS(path)).toBeLessThanOrEqual(4.05);
  const decoded = await decode(path);
  const offsets = offsetsMs(await beats(path));
  console.log(JSON.stringify({ format, duration: container.duration, ...decoded, offsets }));
  expect(decoded.complaints).toBe('');
  expect(decoded.video.frames / SECONDS).toBeGreaterThanOrEqual(29.5);
  expect(Math.abs(decoded.video.startS - decoded.audio.startS)).toBeLessThanOrEqual(0.04);
  const lengthOf = ({ startS, endS }: { startS: number; endS: number }) => endS - startS;
  expect(Math.abs(lengthOf(decoded.video) - lengthOf(decoded.audio))).toBeLessThanOrEqual(0.05);
  expect(offsets.length).toBeGreaterThanOrEqual(SECONDS - 3);
  for (const some of [offsets.slice(0, 5), offsets.slice(-5)]) {
    const mean = some.reduce((sum, offset) => sum + offset, 0) / some.length;
    expect(Math.abs(mean)).toBeLessThanOrEqual(40);
  }

  const page = await openPage(studio, server.url);
  const links = await linksOf(page, await server.rest.token(stage.room, 'host', 'Host'));
  const played = await play(page, links.find((link) => link.includes(id))!, [0, 45, 12, 58]);
  await page.close();
  expect(played).toMatchObject({ error: null, width: 1280 });
  expect(played.positionsS.map(Math.floor)).toEqual([0, 45, 12, 58]);
});
