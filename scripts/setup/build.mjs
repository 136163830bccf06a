/** Builds the server and mixer (`dist/`) and the page (`web/dist/`) where they are stale. */

import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './root.mjs';
import { say, step } from './run.mjs';
import { isStale } from './stale.mjs';

const at = (...names) => join(root, ...names);
const bin = (name) => at('node_modules', '.bin', name);

const server = {
  name: 'the server',
  stamp: at('dist', '.built'),
  sources: [
    'src',
    'mixer',
    'scripts/bench',
    'scripts/compose',
    'scripts/layouts',
    'tsconfig.json',
    'tsconfig.build.json',
    'package-lock.json',
  ],
  command: [bin('tsc'), '-p', 'tsconfig.build.json'],
};

const page = {
  name: 'the page',
  stamp: at('web', 'dist', '.built'),
  // Not `web` itself: a folder changes when what is built appears in it.
  sources: [
    'web/src',
    'web/public',
    'web/index.html',
    'web/vite.config.ts',
    'src/signaling/messages.ts',
    'src/schemas',
    'src/plainText.ts',
    'src/rooms/layout',
    'package-lock.json',
  ],
  command: [bin('vite'), 'build', '-c', 'web/vite.config.ts', '--logLevel', 'warn'],
};

export async function build({ force = false } = {}) {
  for (const target of [server, page]) {
    const sources = target.sources.map((name) => at(name));
    if (!force && !isStale(target.stamp, sources)) continue;
    say(`Building ${target.name} …`);
    const [command, ...args] = target.command;
    // Stamped with the time before: what changes while it builds is built the next time.
    const began = new Date();
    await step(`Building ${target.name}`, command, args);
    writeStamp(target.stamp, began);
  }
  removeOrphans(at('dist'));
}

function writeStamp(path, began) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${began.toISOString()}\n`);
  utimesSync(path, began, began);
}

/** What was compiled from a source that is gone would still be found by an import. */
function removeOrphans(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.js')) continue;
    const compiled = join(entry.parentPath, entry.name);
    const source = at(compiled.slice(folder.length + 1).replace(/\.js$/, '.ts'));
    if (existsSync(source)) continue;
    rmSync(compiled);
    rmSync(`${compiled}.map`, { force: true });
  }
}
