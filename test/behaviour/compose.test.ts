/** `npm run compose` on a bundle of known pictures and sounds: they are where its timeline says. */

import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readIvf } from '../../scripts/bench/clips/ivf.ts';
import { findFfmpeg } from '../../src/egress/ffmpeg/find.ts';
import { finishMatroska } from '../../src/egress/matroska/finish.ts';
import { MatroskaWriter, type MediaPacket } from '../../src/egress/matroska/writer.ts';
import { beepsIn, colourAt, decode, flashesIn } from '../harness/recorded.ts';
import { makeFilm } from '../src/egress/film.ts';

jest.setTimeout(60_000);

const program = join(import.meta.dirname, '../../dist/scripts/compose/main.js');
const run = promisify(execFile);
const FILM_STARTS_MS = 600;
const RED_STARTS_MS = 2000;
const SCENE_MS = 2900;
let folder: string;

const tile = (participant: string) => ({
  ...{ participant, kind: 'camera', name: participant, state: 'live', fit: 'cover' },
  ...{ x: 0, y: 0, w: 1, h: 1 },
});
const scene = (atMs: number, ...people: string[]) => ({
  ...{ atMs, live: true, layout: 'grid', spotlight: null },
  scene: { tiles: people.map(tile), slate: { title: 'Lab', text: '' } },
});

async function writeTrack(name: string, writer: MatroskaWriter, packets: MediaPacket[]): Promise<number> {
  const path = join(folder, name);
  for (const packet of packets) appendFileSync(path, Buffer.concat(writer.write(packet)));
  return (await finishMatroska(path)) / 1000;
}

async function redPictures(ffmpeg: string): Promise<Buffer[]> {
  const path = join(folder, 'red.ivf');
  const source = ['-f', 'lavfi', '-i', 'color=c=red:s=320x180:r=30', '-t', '2.5'];
  await run(ffmpeg, ['-loglevel', 'error', ...source, '-c:v', 'libvpx', '-deadline', 'realtime', path]);
  return readIvf(await readFile(path));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rostrum-compose-'));
  const ffmpeg = (await findFfmpeg()).path;
  const film = await makeFilm(ffmpeg, 0, 4);
  const size = { width: 320, height: 180 };
  const packets = (media: 'video' | 'audio') =>
    film[media].map(({ ptsUs: timeUs, ...chunk }) => ({ ...chunk, media, timeUs }));
  const h264 = { codec: 'h264', ...size, fps: 30 } as const;
  const vp8 = { codec: 'vp8', ...size, fps: 30 } as const;
  const red = (await redPictures(ffmpeg)).map((bytes, index) => ({
    ...({ media: 'video', keyFrame: (bytes[0]! & 1) === 0, bytes } as const),
    ...{ timeUs: Math.round((index * 1e6) / 30), durationUs: 33_333 },
  }));
  const written = [
    await writeTrack(
      'a.mkv',
      new MatroskaWriter({ video: h264, audio: false, file: 'matroska' }),
      packets('video'),
    ),
    await writeTrack(
      'b.webm',
      new MatroskaWriter({ video: null, audio: true, file: 'webm' }),
      packets('audio'),
    ),
    await writeTrack('c.webm', new MatroskaWriter({ video: vp8, audio: false, file: 'webm' }), red),
  ];
  const track = (file: string, participant: string, codec: string, startMs: number, index: number) => ({
    ...{ file, participant, person: participant, kind: 'camera', codec, startMs },
    ...{ media: codec === 'opus' ? 'audio' : 'video', ...size, durationMs: written[index] },
  });
  const document = {
    ...{ version: 1, id: 'lab', room: 'lab', title: 'Lab', durationMs: 4500 },
    video: { ...size, fps: 30, kbps: 600 },
    tracks: [
      track('a.mkv', 'film', 'h264', FILM_STARTS_MS, 0),
      track('b.webm', 'film', 'opus', FILM_STARTS_MS, 1),
      track('c.webm', 'red', 'vp8', RED_STARTS_MS, 2),
    ],
    timeline: [scene(0, 'film'), scene(SCENE_MS, 'red')],
  };
  writeFileSync(join(folder, 'bundle.json'), JSON.stringify(document));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** On a busy machine the mix may begin its first sound twice: what follows at once is the same one. */
const whole = (beeps: number[]): number[] =>
  beeps.filter((atS, index) => atS - (beeps[index - 1] ?? Number.NEGATIVE_INFINITY) > 0.5);

test('colours and tones are where the timeline says', async () => {
  const output = join(folder, 'new.webm');
  const { stdout, stderr } = await run(process.execPath, [program, folder, '--output', output]);
  expect(stdout.trim()).toBe(output);
  expect(stderr).toMatch(/2 of 5 s composed/);
  const { video, audio, complaints } = await decode(output);
  expect([complaints, video.codec, audio.codec]).toEqual(['', 'vp8', 'opus']);
  expect(Math.abs(video.endS - 4.65)).toBeLessThan(0.3);
  const isAt = (found: number[], wantedMs: number[]) => {
    const late = found.map((atS, index) => Math.round(atS * 1000 - wantedMs[index]!));
    expect([late, late.every((ms) => ms >= -40 && ms <= 400)]).toEqual([late, true]);
    expect(found.length).toBe(wantedMs.length);
    return late;
  };
  // The film flashes and beeps once a second; from its scene on only Red is seen, and the film still heard.
  const beats = [0, 1, 2, 3].map((second) => FILM_STARTS_MS + second * 1000);
  const seen = isAt(
    await flashesIn(output),
    beats.filter((atMs) => atMs < SCENE_MS),
  );
  const heard = isAt(whole(await beepsIn(output)), beats);
  for (const [index, late] of seen.entries()) expect(Math.abs(late - heard[index]!)).toBeLessThanOrEqual(120);
  const [red, green, blue] = await colourAt(output, SCENE_MS / 1000 + 0.6, 0.85, 0.3);
  expect([red > 150, green < 80, blue < 80]).toEqual([true, true, true]);
});

test.each([
  ['no folder', [], /npm run compose -- <bundle folder>/],
  ['an unknown option', ['.', '--fast'], /--fast/],
  ['no bundle', [tmpdir()], /bundle\.json cannot be read/],
  ['another kind of file', ['FOLDER', '--output', '/tmp/x.avi'], /expected \.mp4 or \.webm/],
  ['a file that is there', ['FOLDER', '--output', 'FOLDER/b.webm'], /exists already/],
  ['a folder that is not', ['FOLDER', '--output', 'FOLDER/none/x.mp4'], /is no folder/],
])('%s is told in a sentence', async (_, args, sentence) => {
  const given = args.map((arg) => arg.replace('FOLDER', folder));
  const failed = await run(process.execPath, [program, ...given]).catch((error) => error);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(sentence);
  expect(failed.stderr).not.toMatch(/ at .*\.js/);
});
