/** `npm start`: installs and builds what is missing, then is the server. */

import { join } from 'node:path';
import { build } from './setup/build.mjs';
import { checkNode } from './setup/node.mjs';
import { installPackages } from './setup/packages.mjs';
import { root } from './setup/root.mjs';
import { become } from './setup/run.mjs';

checkNode();
await installPackages();
await build();

/** Media makes much short-lived garbage; a young generation that fits the cache is the cheapest. */
const nodeFlags = ['--max-semi-space-size=1'];
become(process.execPath, [...nodeFlags, join(root, 'dist/src/main.js'), ...process.argv.slice(2)], {
  cwd: process.cwd(),
});
