import { expect, test } from '@jest/globals';
import { rangeOf } from '../../../src/http/range.ts';

test.each([
  ['bytes=0-', { start: 0, end: 99 }],
  ['bytes=10-19', { start: 10, end: 19 }],
  ['bytes=90-500', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-500', { start: 0, end: 99 }],
  [' bytes=99-99 ', { start: 99, end: 99 }],
  ['bytes=100-', 'refused'],
  ['bytes=100-200', 'refused'],
  ['bytes=-0', 'refused'],
  // What makes no sense is as if it were not there.
  ['', null],
  ['bytes=-', null],
  ['bytes=20-10', null],
  ['bytes=1-2,5-6', null],
  ['items=0-1', null],
  ['bytes=a-b', null],
  ['bytes=0-99999999999999999999', null],
  ['bytes=0x10-', null],
])('of 100 bytes, %j is %j', (header, range) => {
  expect(rangeOf(header, 100)).toEqual(range);
});

test('an empty file has no ranges', () => {
  expect(rangeOf('bytes=0-', 0)).toBe('refused');
  expect(rangeOf('bytes=-1', 0)).toBe('refused');
});
