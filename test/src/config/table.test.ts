import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../../../src/config/packageRoot.ts';
import { flagOf, settingNames, variableOf } from '../../../src/config/settings.ts';
import { helpText, markdownTable } from '../../../src/config/table.ts';

test('--help names every flag and variable', () => {
  const help = helpText();
  for (const name of settingNames) {
    expect(help).toContain(`--${flagOf(name)} `);
    expect(help).toContain(variableOf(name));
  }
});

test('the table in the README is the one that node scripts/settingsTable.mjs writes', () => {
  const readme = readFileSync(join(packageRoot(), 'README.md'), 'utf8');
  const [, table] = /<!-- settings -->\n\n([\s\S]*)\n\n<!-- \/settings -->/.exec(readme) ?? [];
  expect(table).toBe(markdownTable());
});
