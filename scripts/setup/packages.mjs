/** Installs what the lock file names, when it is not there already. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { say, step } from './run.mjs';

/**
 * Packages of the lock file that are not installed in their version. npm writes down what it installed
 * as its last act, so an interrupted install does not count. Binaries for other machines may be missing.
 */
export function packagesMissing(folder = root) {
  const wanted = readPackages(join(folder, 'package-lock.json'));
  const installed = readPackages(join(folder, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== '' && isNeeded(entry) && installed[path]?.version !== entry.version)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
}

/** An optional package that names systems is a binary: needed on those, and on no others. */
function isNeeded({ optional, os, cpu, libc }) {
  if (!optional) return true;
  return os?.includes(process.platform) && cpu?.includes(process.arch) && (!libc || libc.includes(ownLibc()));
}

const ownLibc = () => (process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl');

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

export async function installPackages() {
  const missing = packagesMissing();
  if (missing.length === 0) return;
  say(`Installing ${missing.length} packages …`);
  // node-av would fetch a second FFmpeg; the one it needs lies inside its package.
  const env = { ...process.env, SKIP_FFMPEG: 'true' };
  const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
  await step('Installing the packages', 'npm', ['ci', ...flags], { env });
}
