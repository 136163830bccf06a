import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built mixer program of the package this file belongs to, whether run from `src/` or `dist/`. */
export function mixerProgram(from: string = fileURLToPath(import.meta.url)): string {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, 'dist', 'mixer', 'main.js');
    if (folder === dirname(folder)) throw new Error(`no package.json above ${from}`);
  }
}

/** What a mixer inherits: it parses strangers' bytes in native code, so no secret of ours is with it. */
export function mixerEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !name.startsWith('ROSTRUM_') && name !== 'NODE_OPTIONS',
  );
  return Object.fromEntries(kept);
}
