/** `npm run layouts`: draws every built-in layout into `docs/layouts.png`, built first. */

import { join } from 'node:path';
import { build } from './setup/build.mjs';
import { checkNode } from './setup/node.mjs';
import { installPackages } from './setup/packages.mjs';
import { root } from './setup/root.mjs';
import { become } from './setup/run.mjs';

checkNode();
await installPackages();
await build();
become(process.execPath, [join(root, 'dist/scripts/layouts/main.js'), join(root, 'docs/layouts.png')]);
