import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

const folder = mkdtempSync(join(tmpdir(), 'rostrum-setup-'));
afterAll(() => rmSync(folder, { recursive: true }));

// The scripts run before anything is installed or compiled, so they are plain JavaScript without types.
const load = async (name: string) => import(`../../../scripts/setup/${name}.mjs`);

const write = (path: string, text: string): string => {
  const whole = join(folder, path);
  mkdirSync(join(whole, '..'), { recursive: true });
  writeFileSync(whole, text);
  return whole;
};

test('the version of Node is compared by its numbers', async () => {
  const { isNewEnough } = await load('node');
  expect(isNewEnough('20.20.0', '20.20')).toBe(true);
  expect(isNewEnough('20.20.2', '20.20')).toBe(true);
  expect(isNewEnough('20.9.0', '20.20')).toBe(false);
  expect(isNewEnough('18.99.9', '20.20')).toBe(false);
  expect(isNewEnough('24.0.0', '20.20')).toBe(true);
});

describe('packages', () => {
  const lock = (packages: object) => JSON.stringify({ packages });
  const wanted = {
    '': { name: 'rostrum' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/@s/b': { version: '2.0.0' },
    'node_modules/elsewhere': { version: '1.0.0', optional: true, os: ['aix'], cpu: [process.arch] },
    'node_modules/here': { version: '1.0.0', optional: true, os: [process.platform], cpu: [process.arch] },
    'node_modules/nice-to-have': { version: '1.0.0', optional: true },
  };

  test('are missing when nothing, another version or not all of them is installed', async () => {
    const { packagesMissing } = await load('packages');
    write('p/package-lock.json', lock(wanted));
    expect(packagesMissing(join(folder, 'p'))).toEqual(['a', '@s/b', 'here']);
    const installed = {
      'node_modules/a': { version: '1.0.0' },
      'node_modules/@s/b': { version: '1.9.0' },
      'node_modules/here': { version: '1.0.0' },
    };
    write('p/node_modules/.package-lock.json', lock(installed));
    expect(packagesMissing(join(folder, 'p'))).toEqual(['@s/b']);
    installed['node_modules/@s/b'].version = '2.0.0';
    write('p/node_modules/.package-lock.json', lock(installed));
    expect(packagesMissing(join(folder, 'p'))).toEqual([]);
  });
});

describe('what is built', () => {
  test('is stale when it is not there or a source is newer', async () => {
    const { isStale } = await load('stale');
    const at = (path: string, second: number) => utimesSync(path, second, second);
    const source = write('s/src/deep/a.ts', '');
    const stamp = join(folder, 's/dist/.built');
    const sources = [join(folder, 's/src'), join(folder, 's/not-there')];
    expect(isStale(stamp, sources)).toBe(true);
    write('s/dist/.built', '');
    for (const path of [source, join(folder, 's/src'), join(folder, 's/src/deep')]) at(path, 1000);
    at(stamp, 2000);
    expect(isStale(stamp, sources)).toBe(false);
    at(source, 3000);
    expect(isStale(stamp, sources)).toBe(true);
    at(source, 1000);
    // A file that was removed leaves its folder changed.
    at(join(folder, 's/src/deep'), 3000);
    expect(isStale(stamp, sources)).toBe(true);
  });
});

test('Chromium is found by its variable or on the path, when it can be run', async () => {
  const { findChromium } = await load('chromium');
  const browser = write('bin/chromium', '#!/bin/sh\n');
  expect(findChromium({ ROSTRUM_CHROMIUM: browser })).toBeNull();
  chmodSync(browser, 0o755);
  expect(findChromium({ ROSTRUM_CHROMIUM: browser })).toBe(browser);
  expect(findChromium({ ROSTRUM_CHROMIUM: join(folder, 'none'), PATH: join(folder, 'bin') })).toBeNull();
});

test('programs are named by their files', async () => {
  const { namesIn } = await load('named');
  expect(namesIn('scripts/setup', '.mjs')).toContain('named');
  expect(namesIn('no/such/folder', '.ts')).toEqual([]);
});
