import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { descriptorTrouble } from '../../src/descriptors.ts';

const limits = (soft: string) =>
  `Limit  Soft Limit  Hard Limit  Units\nMax open files            ${soft}  4096  files\n`;

test('too few file descriptors are refused with the remedy, enough are not', () => {
  expect(descriptorTrouble(limits('64'))).toMatch(/64 files.*ulimit -n/s);
  for (const fine of ['512', '1048576', 'unlimited']) expect(descriptorTrouble(limits(fine))).toBeNull();
  expect(descriptorTrouble('')).toBeNull();
});

test('the program says so, too, instead of failing while it loads', () => {
  const main = join(import.meta.dirname, '../../dist/src/main.js');
  const command = `ulimit -n 64; exec "${process.execPath}" "${main}"`;
  const { status, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8', timeout: 20_000 });
  expect(stderr).toMatch(/^Rostrum cannot start\. This process may have 64 files/);
  expect(status).toBe(1);
});
