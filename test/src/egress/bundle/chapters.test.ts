import { expect, test } from '@jest/globals';
import { ffmetadata } from '../../../../src/egress/bundle/chapters.ts';

test('each chapter lasts until the next, and a title means nothing but itself', () => {
  const text = ffmetadata(
    [
      { atMs: 1500, title: 'a=b;c#d\\e\nSTART=0' },
      { atMs: 4000, title: 'End' },
    ],
    9000,
  );
  expect(text.split('\n').filter((line) => /^(START|END|title)=/.test(line))).toEqual([
    ...['START=0', 'END=1500', 'title='],
    ...['START=1500', 'END=4000', 'title=a\\=b\\;c\\#d\\\\e START\\=0'],
    ...['START=4000', 'END=9000', 'title=End'],
  ]);
  expect(text.startsWith(';FFMETADATA1\n[CHAPTER]\n')).toBe(true);
});
