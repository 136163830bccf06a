/**
 * `node scripts/lock.mjs`, after every `npm install <package>`: names in the lock file the optional
 * binaries of all machines. npm leaves out those that its registry does not serve, and `npm ci` then
 * refuses the lock file on every other registry.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './setup/root.mjs';

const systems = ['android', 'darwin', 'linux', 'win32', 'freebsd', 'openharmony'];
const processors = ['arm64', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'arm'];

/** Entries that `packages` lacks: optional binaries whose name says which machine they are for. */
export function missingBinaries(packages) {
  const missing = {};
  for (const [at, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`;
      if (packages[path] || packages[`${at}/${path}`]) continue;
      const machine = machineOf(name);
      if (machine && /^\d/.test(version)) {
        missing[path] = { version, ...machine, ...(entry.dev ? { dev: true } : {}), optional: true };
      }
    }
  }
  return missing;
}

/** `core-linux-arm64-musl` → { os: ['linux'], cpu: ['arm64'], libc: ['musl'] } */
function machineOf(name) {
  const words = name.split('/').pop().split('-');
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  if (!os || !cpu) return null;
  const last = words.at(-1);
  const libc = last.startsWith('musl') ? 'musl' : last.startsWith('gnu') && os === 'linux' ? 'glibc' : null;
  return { cpu: [cpu], ...(libc ? { libc: [libc] } : {}), os: [os] };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  Object.assign(lock.packages, missingBinaries(lock.packages));
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
