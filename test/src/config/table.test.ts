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

test("the README's table of settings is the one made from the settings", () => {
  const readme = readFileSync(join(packageRoot(), 'README.md'), 'utf8');
  expect(readme).toContain(`<!-- settings -->\n\n${markdownTable()}\n\n<!-- /settings -->`);
});
