import { expect, test } from '@jest/globals';
import { barOf, createProgress, leftOf } from '../../../../scripts/bench/compare/progress.ts';

/** A stream that keeps what is written. */
function paper(isTTY: boolean) {
  const written: string[] = [];
  const out = { isTTY, columns: 60, write: (text: string) => written.push(text) > 0 };
  return { written, progress: createProgress(out as unknown as NodeJS.WriteStream) };
}

test('the time left follows from the time taken', () => {
  expect(leftOf(0, 72, 5)).toBe('time left unknown');
  expect(leftOf(10, 72, 80)).toBe('8 min left');
  expect(leftOf(70, 72, 560)).toBe('16 s left');
  expect(barOf(36, 72)).toBe(`[${'#'.repeat(12)}${'.'.repeat(12)}]`);
});

test('a terminal has one line that changes, below what stays', () => {
  const { written, progress } = paper(true);
  progress.step(0, 2, 'mcu 1 × 1');
  progress.say('something was not valid');
  progress.step(1, 2, 'sfu 1 × 1');
  expect(written.every((text) => text.startsWith('\r\x1b[K'))).toBe(true);
  expect(written[1]).toContain('something was not valid\n[');
  expect(written[2]!.length).toBeLessThan(65);
});

test('anything else has a line for each point', () => {
  const { written, progress } = paper(false);
  progress.step(0, 2, 'mcu 1 × 1');
  progress.end();
  expect(written).toEqual(['0/2 time left unknown · mcu 1 × 1\n']);
});
