import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Ffmpeg } from '../../../../src/egress/ffmpeg/ffmpeg.ts';
import { findFfmpeg } from '../../../../src/egress/ffmpeg/find.ts';
import { HlsStream } from '../../../../src/egress/hls/stream.ts';
import { until } from '../../../harness/until.ts';
import { beeps, flashes, readPictures, readSound } from '../events.ts';
import { FilmFeed } from '../feed.ts';
import { type Film, inOrder, makeFilm } from '../film.ts';
import { readMaster, readPlaylist } from './playlists.ts';

jest.setTimeout(60_000);

/** In the middle of a slot: 1,000.5 s after the machine's start. */
const FROM_US = 1_000_500_000;
const UNIX_MS = Date.UTC(2026, 10, 20);

let ffmpeg: Ffmpeg;
let film: Film;
let folder: string;
const log = { info() {}, warn() {}, error() {} };

beforeAll(async () => {
  ffmpeg = await findFfmpeg();
  film = await makeFilm(ffmpeg.path, FROM_US, 11);
  folder = mkdtempSync(join(tmpdir(), 'rostrum-hls-'));
});

const opened: HlsStream[] = [];
afterEach(() => {
  for (const stream of opened.splice(0)) stream.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function open() {
  const feed = new FilmFeed(film);
  const stream = new HlsStream({
    ...{ feed, ffmpeg, log, label: 'hls/test', soundKbps: 128 },
    unixMs: (ptsUs) => UNIX_MS + ptsUs / 1000,
    playable() {},
  });
  opened.push(stream);
  const text = async (name: string) => (await stream.file(name, null)).bytes.toString();
  /** The init segment and all segments that are listed, as one file on disk. */
  const save = async (name: string): Promise<string> => {
    const list = readPlaylist(await text(name));
    const names = [list.init, ...list.segments.map(({ uri }) => uri)];
    const files = await Promise.all(names.map((one) => stream.file(one, null)));
    const path = join(folder, `${name}-${Math.random()}.mp4`);
    writeFileSync(path, Buffer.concat(files.map(({ bytes }) => bytes)));
    return path;
  };
  /** Waits until the sound has come as far as the pictures, by their complete segments. */
  const settled = async (count: number) => {
    await until(
      `${count} segments`,
      async () => {
        const lists = [readPlaylist(await text('picture.m3u8')), readPlaylist(await text('sound.m3u8'))];
        return lists.every(({ segments }) => segments.length >= count);
      },
      { timeoutMs: 20_000 },
    );
  };
  return { feed, stream, text, save, settled };
}

describe('a program over HLS', () => {
  test('segments of 2 s that begin with key frames, aligned in picture and sound', async () => {
    const { feed, text, settled } = open();
    feed.play(inOrder(film));
    await settled(5);
    const picture = readPlaylist(await text('picture.m3u8'));
    const sound = readPlaylist(await text('sound.m3u8'));
    expect(picture.targetDurationS).toBe(2);
    expect(picture.mediaSequence).toBe(sound.mediaSequence);
    const lengths = picture.segments.map(({ durationS }) => durationS);
    expect(lengths[0]).toBeCloseTo(1.5, 1);
    for (const length of lengths.slice(1)) expect(Math.abs(length - 2)).toBeLessThan(0.034);
    for (const length of sound.segments.slice(1).map(({ durationS }) => durationS))
      expect(Math.abs(length - 2)).toBeLessThan(0.022);
    for (const [index, { dateMs }] of picture.segments.entries()) {
      expect(Math.abs(dateMs! - sound.segments[index]!.dateMs!)).toBeLessThan(45);
    }
    expect(picture.segments[0]!.dateMs).toBe(UNIX_MS + FROM_US / 1000);
  });

  test('what is seen and what is heard come at the same time, in every segment', async () => {
    const { feed, save, settled } = open();
    feed.play(inOrder(film));
    await settled(5);
    const seen = await flashes(ffmpeg.path, await save('picture.m3u8'));
    const heard = await beeps(ffmpeg.path, await save('sound.m3u8'));
    expect(seen.length).toBeGreaterThanOrEqual(8);
    expect(seen).toHaveLength(heard.length);
    for (const [index, time] of seen.entries()) expect(Math.abs(heard[index]! - time)).toBeLessThan(0.025);
  });

  test('no picture is missing, and none is out of step', async () => {
    const { feed, save, settled } = open();
    feed.play(inOrder(film));
    await settled(5);
    const { pictures, stderr } = await readPictures(ffmpeg.path, await save('picture.m3u8'));
    expect(stderr).toBe('');
    const steps = pictures.slice(1).map(({ timeS }, index) => timeS - pictures[index]!.timeS);
    expect(Math.max(...steps)).toBeLessThan(0.0335);
    expect(Math.min(...steps)).toBeGreaterThan(0.0332);
    expect(pictures.length / (pictures.at(-1)!.timeS + 1 / 30)).toBeCloseTo(30, 1);
  });

  test('each segment alone can be decoded', async () => {
    const { feed, stream, text, settled } = open();
    feed.play(inOrder(film));
    await settled(5);
    const { init, segments } = readPlaylist(await text('picture.m3u8'));
    const head = (await stream.file(init, null)).bytes;
    const path = join(folder, 'alone.mp4');
    writeFileSync(path, Buffer.concat([head, (await stream.file(segments[3]!.uri, null)).bytes]));
    const { pictures, stderr } = await readPictures(ffmpeg.path, path);
    expect(stderr).toBe('');
    expect(pictures).toHaveLength(60);
  });

  test('a mixer that was away over a border of segments: the last picture is held, lengths stay', async () => {
    const { feed, text, save, settled } = open();
    // Gone from 4.2 s to 6.0 s of the film, over the border at 5.5 s, and back with a key frame later.
    const gone = ({ ptsUs }: { ptsUs: number }) => ptsUs > FROM_US + 4.2e6 && ptsUs < FROM_US + 6e6;
    const back = await makeFilm(ffmpeg.path, FROM_US + 6e6, 6);
    feed.play(inOrder(film).filter(([, chunk]) => !gone(chunk) && chunk.ptsUs < FROM_US + 6e6));
    feed.play(inOrder(back));
    await settled(6);
    const { segments } = readPlaylist(await text('picture.m3u8'));
    for (const { durationS } of segments) expect(durationS).toBeLessThan(2.04);
    const { pictures, stderr } = await readPictures(ffmpeg.path, await save('picture.m3u8'));
    expect(stderr).toBe('');
    const times = pictures.map(({ timeS }) => timeS);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    const seen = await flashes(ffmpeg.path, await save('picture.m3u8'));
    const heard = await beeps(ffmpeg.path, await save('sound.m3u8'));
    expect(seen.slice(0, 10).map(Math.round)).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9, 10]);
    expect(heard.slice(0, 10).map(Math.round)).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9, 10]);
  });

  test('a killed sound encoder leaves no gap', async () => {
    const { feed, stream, save, settled } = open();
    const chunks = inOrder(film);
    feed.play(chunks.filter(([, { ptsUs }]) => ptsUs < FROM_US + 5.2e6));
    await settled(2);
    process.kill(stream.pid!, 'SIGKILL');
    feed.play(chunks.filter(([, { ptsUs }]) => ptsUs >= FROM_US + 5.2e6));
    await settled(5);
    const path = await save('sound.m3u8');
    const heard = await beeps(ffmpeg.path, path);
    expect(heard.slice(0, 9).map((time) => Math.round(time * 10) / 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const samples = await readSound(ffmpeg.path, path);
    expect(samples.length / 48_000).toBeCloseTo(9.5, 1);
  });

  test('other parameter sets begin anew, with higher numbers', async () => {
    const { feed, stream, text, settled } = open();
    feed.play(inOrder(film));
    await settled(5);
    const before = readPlaylist(await text('picture.m3u8'));
    const other = await makeFilm(ffmpeg.path, FROM_US + 11e6, 5, 1_000_000);
    for (const chunk of other.video) chunk.bytes = withOtherLevel(chunk.bytes);
    feed.play(inOrder(other));
    await settled(1);
    const after = readPlaylist(await text('picture.m3u8'));
    expect(after.discontinuitySequence).toBe(1);
    expect(after.mediaSequence).toBeGreaterThan(before.mediaSequence + 4);
    expect(after.init).not.toBe(before.init);
    // What was listed before can still be fetched.
    await stream.file(before.segments.at(-1)!.uri, null);
  });

  test('the master playlist names the program and the sound alone', async () => {
    const { feed, text, settled } = open();
    feed.play(inOrder(film));
    await settled(1);
    const variants = readMaster(await text('index.m3u8'));
    expect(variants.map(({ uri }) => uri)).toEqual(['picture.m3u8', 'sound.m3u8']);
    expect(variants[0]).toMatchObject({ RESOLUTION: '320x180', 'FRAME-RATE': '30.000' });
    expect(variants[0]!.CODECS).toMatch(/^avc1\.42[0-9a-f]{4},mp4a\.40\.2$/);
    expect(variants[1]!.CODECS).toBe('mp4a.40.2');
  });

  test('closing ends the taps and the process, and twice is the same as once', async () => {
    const { feed, stream, settled } = open();
    feed.play(inOrder(film));
    await settled(1);
    const pid = stream.pid!;
    stream.close();
    stream.close();
    expect(feed.taps).toBe(0);
    await until('the process is gone', () => !isRunning(pid));
    await expect(stream.file('index.m3u8', null)).rejects.toMatchObject({ code: 'not-found' });
  });
});

/** The level in the first parameter set, one step up. */
function withOtherLevel(picture: Buffer): Buffer {
  const at = picture.indexOf(Buffer.from([0, 0, 0, 1, 0x67]));
  if (at < 0) return picture;
  const changed = Buffer.from(picture);
  changed[at + 7]!++;
  return changed;
}

function isRunning(pid: number): boolean {
  try {
    return !/^Z/.test(execFileSync('ps', ['-o', 'stat=', '-p', `${pid}`]).toString());
  } catch {
    return false;
  }
}
