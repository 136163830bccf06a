import { expect, test } from '@jest/globals';
import { Source } from '../../../../src/rtc/shards/source.ts';
import { PictureSource } from '../deliver/pictures.ts';

const description = { source: 'picture', media: 'video', codec: 'vp8' } as const;

test('wishes of several threads are one request; after the key frame there may be another', async () => {
  let requests = 0;
  let asked = () => {};
  const source = new Source(description, () => {
    requests++;
    asked();
  });
  for (let thread = 0; thread < 8; thread++) source.wantKeyFrame();
  expect(requests).toBe(1);
  source.push(pictures().next(true), 0);
  const again = new Promise<void>((resolve) => {
    asked = resolve;
  });
  source.wantKeyFrame();
  expect(requests).toBe(1);
  await again;
  expect(requests).toBe(2);
  source.close();
});

test('what it has shown last is from a key frame on, young, and little', () => {
  const source = new Source(description, () => {});
  const from = pictures();
  source.push(from.next(), 0);
  expect(source.young(0)).toEqual([]);
  const shown = [from.next(true), from.next(), from.next()];
  for (const [i, picture] of shown.entries()) source.push(picture, i * 33);
  expect(source.young(500)).toEqual(shown);
  expect(source.young(1_001)).toEqual([]);
  const key = from.next(true);
  source.push(key, 2_000);
  expect(source.young(2_000)).toEqual([key]);
  for (let i = 0; i < 200; i++) source.push(Buffer.alloc(4_096), 2_001);
  expect(source.young(2_001)).toEqual([]);
  source.push(from.next(true), 3_000);
  source.restart();
  expect(source.young(3_000)).toEqual([]);
  source.close();
});

const pictures = () => new PictureSource({ sequence: 1, timestamp: 0, pictureId: 1, ptsUs: 0 });
