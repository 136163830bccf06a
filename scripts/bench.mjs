/** `npm run bench -- <name>`: one of the programs of `scripts/bench/`, built first. */

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
const name = chosenName('bench', names, process.argv[2]);
await installPackages();
await build();
become(process.execPath, [join(root, 'dist/scripts/bench', `${name}.js`), ...process.argv.slice(3)]);
