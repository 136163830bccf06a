/** `npm run build`: builds everything, stale or not. */

import { build } from './setup/build.mjs';
import { checkNode } from './setup/node.mjs';
import { installPackages } from './setup/packages.mjs';

checkNode();
await installPackages();
await build({ force: true });
