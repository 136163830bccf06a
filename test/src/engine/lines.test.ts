import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { eachLine } from '../../../src/engine/lines.ts';

async function linesOf(...pieces: string[]): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  eachLine(stream, (line) => lines.push(line));
  for (const piece of pieces) stream.write(piece);
  stream.end();
  await new Promise((resolve) => stream.on('end', resolve));
  return lines;
}

test('lines are put together, empty ones left out, the last one needs no end', async () => {
  expect(await linesOf('one\ntw', 'o\n\nthr', 'ee')).toEqual(['one', 'two', 'three']);
});

test('a line without an end takes no more memory than a long one', async () => {
  const [line, ...others] = await linesOf(...Array(100).fill('x'.repeat(10_000)));
  expect(line).toHaveLength(1000);
  expect(others).toEqual([]);
});

test('of a flood only the beginning of each second is passed on', async () => {
  const lines = await linesOf('noise\n'.repeat(10_000));
  expect(lines.length).toBeGreaterThanOrEqual(20);
  expect(lines.length).toBeLessThanOrEqual(40);
});
