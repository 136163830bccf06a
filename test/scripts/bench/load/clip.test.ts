import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeIvf } from '../../../../scripts/bench/clips/ivf.ts';
import { loadVideo } from '../../../../scripts/bench/load/clip.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clip-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Pictures of one byte more each, with a key frame now and then (RFC 6386 9.1: its first bit is 0). */
async function fileOf(name: string, count: number, keyFrameEvery: number): Promise<string> {
  const pictures = Array.from({ length: count }, (_, at) =>
    Buffer.alloc(1_000 + at, at % keyFrameEvery === 0 ? 0x10 : 0x11),
  );
  const file = join(folder, name);
  await writeFile(file, writeIvf(pictures, 1280, 720, 30));
  return file;
}

const rest = { codec: 'vp8', fps: 30, kbps: 1500, sound: '' } as const;

test('a clip begins behind its lead, in both codings', async () => {
  const files = { steady: await fileOf('s', 30, 10), refresh: await fileOf('r', 30, 5) };
  const { steady, refresh } = loadVideo({ ...rest, ...files, lead: 10 });
  for (const coding of [steady, refresh]) {
    expect(coding).toHaveLength(20);
    // One descriptor of four bytes, and the picture.
    expect(coding[0]!.payloads.map(({ length }) => length)).toEqual([1_014]);
  }
  const keyFrames = (coding: typeof steady) => coding.flatMap(({ keyFrame }, at) => (keyFrame ? at : []));
  expect(keyFrames(steady)).toEqual([0, 10]);
  expect(keyFrames(refresh)).toEqual([0, 5, 10, 15]);
});

test('codings that do not belong together are refused', async () => {
  const steady = await fileOf('steady', 30, 10);
  const short = await fileOf('short', 29, 10);
  expect(() => loadVideo({ ...rest, steady, refresh: short, lead: 0 })).toThrow('has 30 pictures');
  expect(() => loadVideo({ ...rest, steady, refresh: steady, lead: 5 })).toThrow(
    'does not begin with a key frame',
  );
});
