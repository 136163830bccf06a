/** `npm run bench -- <name>`: one of the programs of `scripts/bench/`, built first; without a name, `compare`. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './setup/build.mjs';
import { chosenName, namesIn } from './setup/named.mjs';
import { checkNode } from './setup/node.mjs';
import { installPackages } from './setup/packages.mjs';
import { root } from './setup/root.mjs';
import { become } from './setup/run.mjs';

checkNode();
/** Other files beside them are parts; a benchmark is a program, which reads its arguments. */
const isProgram = (name) =>
  /process\.argv/.test(readFileSync(join(root, 'scripts/bench', `${name}.ts`), 'utf8'));
const names = namesIn('scripts/bench', '.ts').filter(isProgram);
const given = process.argv.slice(2);
const isNamed = given[0] !== undefined && (!given[0].startsWith('--') || given[0] === '--help');
const name = isNamed ? chosenName('bench', names, given[0]) : 'compare';
const rest = given.slice(isNamed ? 1 : 0);
await installPackages();
await build();
become(process.execPath, [join(root, 'dist/scripts/bench', `${name}.js`), ...rest]);
