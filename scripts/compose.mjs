/** `npm run compose -- <bundle folder> [--output file]`: a new mix from speakers' own tracks, built first. */

import { join } from 'node:path';
import { build } from './setup/build.mjs';
import { checkNode } from './setup/node.mjs';
import { installPackages } from './setup/packages.mjs';
import { root } from './setup/root.mjs';
import { become } from './setup/run.mjs';

checkNode();
await installPackages();
await build();
become(process.execPath, [join(root, 'dist/scripts/compose/main.js'), ...process.argv.slice(2)]);
