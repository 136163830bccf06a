import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const { missingBinaries } = await import('../../scripts/lock.mjs' as string);

test('the lock file names the binaries of every machine, as npm ci wants it', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  expect(missingBinaries(packages)).toEqual({});
});

test('a binary that is missing is named with its machine', () => {
  const packages = {
    'node_modules/a': { dev: true, optionalDependencies: { '@a/b-linux-arm64-musl': '1.2.3' } },
  };
  expect(missingBinaries(packages)).toEqual({
    'node_modules/@a/b-linux-arm64-musl': {
      version: '1.2.3',
      cpu: ['arm64'],
      libc: ['musl'],
      os: ['linux'],
      dev: true,
      optional: true,
    },
  });
});

test('the lock file names no registry', () => {
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
});
