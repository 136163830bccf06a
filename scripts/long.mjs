/** `npm run test:long -- <name>`: one of the long runs of `test/long/`. */

import { join } from 'node:path';
import { build } from './setup/build.mjs';
import { provideChromium } from './setup/chromium.mjs';
import { chosenName, namesIn } from './setup/named.mjs';
import { checkNode } from './setup/node.mjs';
import { installPackages } from './setup/packages.mjs';
import { root } from './setup/root.mjs';
import { become } from './setup/run.mjs';

checkNode();
const name = chosenName('test:long', namesIn('test/long', '.test.ts'), process.argv[2]);
await installPackages();
const env = {
  ...process.env,
  ROSTRUM_CHROMIUM: await provideChromium(),
  NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
};
await build();
const jest = join(root, 'node_modules/jest/bin/jest.js');
const path = `test/long/${name}.test.ts`;
become(
  process.execPath,
  [
    jest,
    '--runInBand',
    '--testPathIgnorePatterns',
    '/node_modules/',
    '--runTestsByPath',
    path,
    ...process.argv.slice(3),
  ],
  { env },
);
