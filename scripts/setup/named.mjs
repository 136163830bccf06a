/** Programs of one folder, chosen by name: `npm run bench -- mix`. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { say } from './run.mjs';

/** Names of the files that end in `suffix`, without it. */
export function namesIn(folder, suffix) {
  try {
    const files = readdirSync(join(root, folder)).filter((name) => name.endsWith(suffix));
    return files.map((name) => name.slice(0, -suffix.length)).sort();
  } catch {
    return [];
  }
}

/** The name asked for; ends the process with the list when it is none of them. */
export function chosenName(command, names, given) {
  if (given !== undefined && names.includes(given)) return given;
  if (given !== undefined && given !== '--help') say(`There is no ${JSON.stringify(given)}.`);
  say(`Usage: npm run ${command} -- <name> [arguments]`);
  for (const name of names) say(`  ${name}`);
  process.exit(given === undefined || given === '--help' ? 0 : 1);
}
