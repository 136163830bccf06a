import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createCanvas } from '@napi-rs/canvas';
import { Assets } from '../../../mixer/video/assets.ts';

let folder: string;
let told: object[];
let changed: string[];
let assets: Assets;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rostrum-assets-'));
  told = [];
  changed = [];
  assets = new Assets(
    (message) => told.push(message),
    (asset) => changed.push(asset),
  );
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}
const png = (width = 40, height = 20) => createCanvas(width, height).toBuffer('image/png');

test('an image is there once it was told, with its size, until it is forgotten', async () => {
  expect(assets.get('logo')).toBeNull();
  await assets.set('logo', await file('a.png', png()));
  expect(told).toEqual([{ type: 'asset', asset: 'logo', ok: true, width: 40, height: 20 }]);
  expect(assets.get('logo')).toMatchObject({ width: 40, height: 20 });
  await assets.set('logo', null);
  await assets.set('logo', null);
  expect(assets.get('logo')).toBeNull();
  expect(changed).toEqual(['logo', 'logo']);
  expect(assets.get(null)).toBeNull();
});

test.each([
  ['no image', Buffer.from('hello'), /neither PNG nor JPEG nor WebP/],
  ['too many pixels on a side', png(4097, 2), /4096/],
  ['too many bytes', Buffer.concat([png(), Buffer.alloc(8 * 1024 * 1024)]), /8 MiB/],
  ['a damaged one', png().subarray(0, 40), /./],
  ['an empty file', Buffer.alloc(0), /neither/],
])('%s is refused with the reason, and what was there stays', async (_, bytes, reason) => {
  await assets.set('wall', await file('good.png', png()));
  await assets.set('wall', await file('bad.png', bytes));
  expect(told.at(-1)).toEqual({
    type: 'asset',
    asset: 'wall',
    ok: false,
    detail: expect.stringMatching(reason),
  });
  expect(assets.get('wall')).toMatchObject({ width: 40 });
});

test('a file that is not there is told', async () => {
  await assets.set('wall', join(folder, 'nothing'));
  expect(told).toEqual([{ type: 'asset', asset: 'wall', ok: false, detail: 'the file is gone' }]);
});

test('the last of several loads counts, whichever ends first', async () => {
  const [large, small] = [await file('l.png', png(3000, 3000)), await file('s.png', png(8, 8))];
  await Promise.all([assets.set('wall', large), assets.set('wall', small)]);
  expect(assets.get('wall')).toMatchObject({ width: 8 });
  await Promise.all([assets.set('wall', large), assets.set('wall', null)]);
  expect(assets.get('wall')).toBeNull();
});

test('there are never more than sixteen', async () => {
  const path = await file('a.png', png());
  for (let i = 0; i < 20; i++) await assets.set(`a${i}`, path);
  expect(told.filter((message) => (message as { ok: boolean }).ok)).toHaveLength(16);
  expect(told.at(-1)).toMatchObject({ ok: false, detail: expect.stringMatching(/forget one/) });
  await assets.set('a3', null);
  await assets.set('again', path);
  expect(assets.get('again')).not.toBeNull();
});
