import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Looks } from '../../../src/library/looks.ts';
import { image } from './images.ts';

let folder: string;
let looks: Looks;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rostrum-looks-'));
  looks = new Looks();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A photograph whose size stands behind most of a megabyte; wider ones are longer. */
function photo(name: string, width: number): void {
  const jpeg = image('jpeg', width, 32);
  const segment = Buffer.alloc(60_002);
  segment.set([0xff, 0xe1, 0xea, 0x60]);
  const metadata = Array.from({ length: 15 }, () => segment);
  const parts = [jpeg.subarray(0, 2), ...metadata, jpeg.subarray(2), Buffer.alloc(10 * width)];
  writeFileSync(join(folder, name), Buffer.concat(parts));
}

const names = ['one.jpg', 'two.jpg', 'none.jpg', 'gone.jpg'];
const widths = () => looks.files(folder, names).map(({ width }) => width);

/** Bytes that this process has asked files for so far. */
const bytesRead = () => Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))![1]);

test('what is as it was is not read again', () => {
  photo('one.jpg', 48);
  photo('two.jpg', 64);
  writeFileSync(join(folder, 'none.jpg'), 'no photograph');
  const beforeBytes = bytesRead();
  expect(widths()).toEqual([48, 64]);
  const onceBytes = bytesRead();
  expect(onceBytes - beforeBytes).toBeGreaterThan(1_800_000);
  for (let i = 0; i < 10; i++) expect(widths()).toEqual([48, 64]);
  expect(bytesRead() - onceBytes).toBeLessThan(200_000);
});

test('what was written to, replaced, put there or taken away is noticed', () => {
  photo('one.jpg', 48);
  expect(widths()).toEqual([48]);
  photo('gone.jpg', 80);
  photo('none.jpg', 72);
  expect(widths()).toEqual([48, 72, 80]);
  rmSync(join(folder, 'gone.jpg'));
  expect(widths()).toEqual([48, 72]);
  rmSync(join(folder, 'one.jpg'));
  photo('one.jpg', 56);
  expect(widths()).toEqual([56, 72]);
  looks.forget(folder);
  expect(widths()).toEqual([56, 72]);
});
