/** Chromium for the tests: found, or installed from Debian where that is allowed. */

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, say } from './run.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** Path of the browser, or null. `ROSTRUM_CHROMIUM` names another. */
export function findChromium(env = process.env) {
  if (env.ROSTRUM_CHROMIUM) return isExecutable(env.ROSTRUM_CHROMIUM) ? env.ROSTRUM_CHROMIUM : null;
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const paths = ['/usr/bin', ...folders].flatMap((folder) => names.map((name) => join(folder, name)));
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns path of the browser; ends the process with a sentence when there is none to be had */
export async function provideChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.env.ROSTRUM_CHROMIUM)
    fail(`ROSTRUM_CHROMIUM names ${process.env.ROSTRUM_CHROMIUM}, which cannot be run.`);
  const advice = 'Install it (Debian: apt-get install chromium), or name one with ROSTRUM_CHROMIUM.';
  if (process.getuid?.() !== 0 || !isExecutable('/usr/bin/apt-get')) {
    fail(`The tests need Chromium, and none was found. ${advice}`);
  }
  say('Installing Chromium …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => run('apt-get', ['-q', '-o=Dpkg::Use-Pty=0', ...args], { env, quiet: true });
  await apt('update');
  await apt('install', '-y', '--no-install-recommends', 'chromium');
  return findChromium() ?? fail(`Chromium could not be installed. ${advice}`);
}

function fail(sentence) {
  say(sentence);
  process.exit(1);
}
