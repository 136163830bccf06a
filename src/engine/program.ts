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

/** Where programs and libraries are found, the time zone and the language; nothing else is a mixer's business. */
const INHERITED =
  /^(PATH|LD_LIBRARY_PATH|TZ|LANG|LANGUAGE|LC_.*|UV_THREADPOOL_SIZE|FONTCONFIG_.*|MALLOC_.*)$/;

/** What a mixer inherits: it parses strangers' bytes in native code, so no secret of anybody's is with it. */
export function mixerEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => INHERITED.test(name));
  // Libraries ask for a home and look for fonts there; a mixer has neither.
  return { ...Object.fromEntries(kept), HOME: '/' };
}
