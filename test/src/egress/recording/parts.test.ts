import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { MediaPacket } from '../../../../src/egress/matroska/writer.ts';
import { Backlog } from '../../../../src/egress/recording/backlog.ts';
import { concatList } from '../../../../src/egress/recording/join.ts';
import { Journal, readJournal } from '../../../../src/egress/recording/journal.ts';
import { KeyFramePace } from '../../../../src/egress/recording/keyFrames.ts';
import { cutToWholeFragments } from '../../../../src/egress/recording/mp4Boxes.ts';
import { readPast } from '../../../../src/egress/recording/past.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rostrum-it's-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const silent = { info() {}, warn() {}, error() {} };
const packet = (timeUs: number, keyFrame = false, size = 10): MediaPacket => ({
  ...{ media: 'video', keyFrame, timeUs, durationUs: 33_000 },
  bytes: Buffer.alloc(size),
});

describe('the backlog', () => {
  test('begins with a key frame and reaches back six seconds, no further than the one before', () => {
    const backlog = new Backlog();
    for (let timeUs = 0; timeUs <= 30_000_000; timeUs += 100_000)
      backlog.push(packet(timeUs, timeUs % 4_000_000 === 0));
    const { packets } = backlog;
    expect(packets[0]).toMatchObject({ keyFrame: true, timeUs: 20_000_000 });
    expect(packets.at(-1)!.timeUs).toBe(30_000_000);
  });

  test('gives nothing before the first key frame, and forgets rather than grow without end', () => {
    const backlog = new Backlog();
    backlog.push(packet(0));
    expect(backlog.packets).toEqual([]);
    for (let count = 1; count < 80; count++) backlog.push(packet(count, count === 1, 1024 * 1024));
    expect(backlog.packets).toEqual([]);
  });
});

test('key frames are asked for in time, and again when none comes', () => {
  const pace = new KeyFramePace(4_000_000);
  const asked: number[] = [];
  for (let ptsUs = 0; ptsUs <= 10_000_000; ptsUs += 100_000) {
    if (pace.picture({ keyFrame: ptsUs === 0 || ptsUs === 5_000_000, ptsUs })) asked.push(ptsUs);
  }
  expect(asked).toEqual([3_800_000, 4_300_000, 4_800_000, 8_800_000, 9_300_000, 9_800_000]);
});

test('the list of parts cuts each where the next begins, and its names are only names', () => {
  const text = concatList("/a b/it's", [
    { name: 'part-1.mp4', startUs: 0 },
    { name: 'part-2.mp4', startUs: 3_500_000 },
  ]);
  expect(text.split('\n')).toEqual([
    'ffconcat version 1.0',
    "file 'file:/a b/it'\\''s/part-1.mp4'",
    'outpoint 3.500000',
    'duration 3.500000',
    "file 'file:/a b/it'\\''s/part-2.mp4'",
    '',
  ]);
});

describe('an mp4 of fragments', () => {
  const box = (type: string, size: number): Buffer => {
    const bytes = Buffer.alloc(size);
    bytes.writeUInt32BE(size, 0);
    bytes.write(type, 4, 'latin1');
    return bytes;
  };
  const head = Buffer.concat([box('ftyp', 24), box('moov', 100)]);
  const fragment = Buffer.concat([box('moof', 60), box('mdat', 500)]);

  test.each([
    ['half an mdat', Buffer.concat([box('moof', 60), box('mdat', 500).subarray(0, 200)])],
    ['an index alone', box('moof', 60)],
    ['half a head', Buffer.from([0, 0, 1])],
    ['zeros', Buffer.alloc(40)],
    ['nothing', Buffer.alloc(0)],
  ])('loses %s at its end, and keeps the rest', async (_, rest) => {
    const path = join(folder, 'part-1.mp4');
    writeFileSync(path, Buffer.concat([head, fragment, fragment, rest]));
    expect(await cutToWholeFragments(path)).toBe(true);
    expect(readFileSync(path)).toEqual(Buffer.concat([head, fragment, fragment]));
  });

  test('without a whole fragment holds nothing', async () => {
    const path = join(folder, 'part-1.mp4');
    writeFileSync(path, Buffer.concat([head, fragment.subarray(0, 300)]));
    expect(await cutToWholeFragments(path)).toBe(false);
  });
});

describe('the journal', () => {
  const started = {
    event: 'started',
    id: 'lab-1',
    room: 'lab',
    format: 'mp4',
    startedAt: '2026-11-20T10:00:00.000Z',
  } as const;

  test('is read back, but for what a dying server left half written', async () => {
    const own = join(folder, 'lab-1');
    const journal = new Journal(own, silent);
    await journal.append(started);
    await journal.append({ event: 'part', name: 'part-1.mp4', startUs: 0 });
    writeFileSync(join(own, 'journal.jsonl'), '{"event":"part","name":"part-2.m', { flag: 'a' });
    expect(readJournal(own)).toEqual([started, { event: 'part', name: 'part-1.mp4', startUs: 0 }]);
    expect(readPast(folder)).toMatchObject({ past: [], unfinished: [{ started, parts: [{}] }] });
  });

  test('names that lead elsewhere are not taken from it', async () => {
    const own = join(folder, 'lab-1');
    await new Journal(own, silent).append(started);
    const lines = [
      { event: 'part', name: '../part-1.mp4', startUs: 0 },
      {
        event: 'over',
        state: 'finished',
        reason: null,
        durationMs: 1,
        endedAt: 'now',
        files: [{ name: '/etc/passwd', bytes: 1, type: 'video/mp4', sha256: null }],
      },
    ];
    writeFileSync(join(own, 'journal.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'), {
      flag: 'a',
    });
    expect(readJournal(own)).toEqual([started]);
  });

  test('that cannot be written costs a line in the log', async () => {
    const said: string[] = [];
    writeFileSync(join(folder, 'file'), '');
    const journal = new Journal(join(folder, 'file', 'sub'), {
      ...silent,
      error: (_, text) => said.push(text),
    });
    await journal.append(started);
    expect(said.length).toBeGreaterThan(0);
  });
});
