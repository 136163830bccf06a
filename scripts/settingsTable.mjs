/** Writes the README's table of settings anew from the settings themselves. A test keeps it true. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './setup/build.mjs';
import { root } from './setup/root.mjs';

await build();
const { markdownTable } = await import('../dist/src/config/table.js');
const path = join(root, 'README.md');
const readme = readFileSync(path, 'utf8');
const marked = /<!-- settings -->[\s\S]*<!-- \/settings -->/;
writeFileSync(
  path,
  readme.replace(marked, () => `<!-- settings -->\n\n${markdownTable()}\n\n<!-- /settings -->`),
);
