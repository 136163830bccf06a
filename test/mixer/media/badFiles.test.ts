import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Clips } from '../harness/clips.ts';
import { Random } from '../harness/random.ts';
import { peak } from '../harness/sound.ts';
import { Turntable } from '../harness/turntable.ts';

jest.setTimeout(60_000);

const clips = new Clips();
const turntables: Turntable[] = [];
const put = (name: string, bytes: Buffer) => {
  writeFileSync(clips.path(name), bytes);
  return clips.path(name);
};
const open = (path: string, ...rest: [play?: object, maxPixels?: number]) => {
  const turntable = new Turntable(path, ...rest);
  turntables.push(turntable);
  return turntable;
};

beforeAll(async () => {
  await Promise.all(['a.mp4', 'a.webm', 'a.mp3'].map((name) => clips.parts(name)));
});
afterEach(() => {
  for (const turntable of turntables.splice(0)) turntable.close();
});
afterAll(() => clips.close());

describe('a file that cannot be played has failed, and says why', () => {
  const detailOf = async (path: string, maxPixels?: number) => {
    const turntable = open(path, {}, maxPixels);
    await turntable.advance(200);
    expect(turntable.said.at(-1)).toBe('failed');
    expect(turntable.shown).toEqual([]);
    expect(peak(turntable.take())).toBe(0);
    return turntable.status.detail;
  };

  test('that is not there, a folder, or empty', async () => {
    expect(await detailOf(clips.path('nothing.mp4'))).toBe('the file is gone');
    mkdirSync(clips.path('folder.mp4'));
    expect(await detailOf(clips.path('folder.mp4'))).toMatch(/not a file/);
    expect(await detailOf(put('empty.mp4', Buffer.alloc(0)))).toMatch(/empty/);
    symlinkSync('/dev/zero', clips.path('endless.mp4'));
    expect(await detailOf(clips.path('endless.mp4'))).toMatch(/not a file/);
  });

  test('that is a named pipe, which nobody waits for', async () => {
    execFileSync('mkfifo', [clips.path('pipe.mp4')]);
    expect(await detailOf(clips.path('pipe.mp4'))).toMatch(/not a file/);
  });

  test('that is something else', async () => {
    expect(await detailOf(put('noise.mp4', new Random(1).bytes(5000)))).toMatch(/neither MP4/);
    const list = put('list.mp4', Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'));
    expect(await detailOf(list)).toMatch(/neither MP4/);
  });

  test('whose header is cut off', async () => {
    // Its index stands at the end.
    expect(await detailOf(put('cut.mp4', readFileSync(clips.path('a.mp4')).subarray(0, 9000)))).toMatch(
      /damaged/,
    );
    expect(await detailOf(put('tiny.webm', readFileSync(clips.path('a.webm')).subarray(0, 40)))).toMatch(
      /damaged|neither pictures nor sound|nothing of it/,
    );
    expect(await detailOf(put('tiny.mp3', Buffer.from('ID3')))).toMatch(
      /damaged|neither pictures|nothing of it/,
    );
  });

  test('whose pictures are over the limit, before any is decoded', async () => {
    expect(await detailOf(clips.path('a.mp4'), 320 * 180 - 1)).toMatch(/320×180 is not within the limit/);
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    png.writeUInt32BE(60_000, 16);
    png.writeUInt32BE(60_000, 20);
    const before = process.memoryUsage().rss;
    expect(await detailOf(put('bomb.png', png))).toMatch(/limit|nothing of it/);
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  test('again when it is told to play, and again not', async () => {
    const turntable = open(clips.path('nothing.mp4'));
    await turntable.advance(100);
    turntable.play({ positionMs: 0 });
    await turntable.advance(100);
    expect(turntable.status.state).toBe('failed');
  });
});

test('what is cut off plays as far as it goes, and ends', async () => {
  const whole = readFileSync(clips.path('a.webm'));
  const turntable = open(put('half.webm', whole.subarray(0, whole.length >> 1)));
  await turntable.advance(4000);
  expect(turntable.said).toEqual(['playing', 'ended']);
  expect(turntable.shown.length).toBeGreaterThan(10);
  expect(peak(turntable.take())).toBeGreaterThan(0.1);
});

test('a thread that gives nothing for ten seconds has failed', async () => {
  const turntable = open(clips.path('a.mp4'));
  turntable.decodes = false;
  await turntable.advance(9000);
  expect(turntable.player.tick(turntable.nowUs).state).toBe('playing');
  await turntable.advance(2000);
  expect(turntable.player.tick(turntable.nowUs)).toMatchObject({ state: 'failed', detail: /10 seconds/ });
});

describe.each(['a.mp4', 'a.webm', 'a.mp3'])('%s, damaged', (name) => {
  test.each([1, 2, 3])('never throws, and ends or fails (seed %i)', async (seed) => {
    const random = new Random(seed);
    const bytes = Buffer.from(readFileSync(clips.path(name)));
    for (let i = 0; i < 200; i++) bytes[random.below(bytes.length)] = random.below(256);
    const turntable = open(put(`damaged-${seed}-${name}`, bytes));
    for (let i = 0; i < 8; i++) {
      await turntable.advance(500);
      if (random.chance(0.3)) turntable.play({ positionMs: random.below(4000) });
    }
    await turntable.advance(5000);
    turntable.player.tick(turntable.nowUs);
    expect(peak(turntable.take())).toBeLessThanOrEqual(1);
    expect(['ended', 'failed', 'playing']).toContain(turntable.status.state);
  });
});
