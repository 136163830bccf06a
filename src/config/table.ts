/** The settings as people read them: for `--help` and for the README. */

import { flagOf, type Setting, settingNames, settings, variableOf } from './settings.ts';

interface Row {
  variable: string;
  flag: string;
  default: string;
  allowed: string;
  meaning: string;
}

function rows(): Row[] {
  return settingNames.map((name) => {
    const setting: Setting = settings[name];
    const unit = setting.unit ? ` ${setting.unit}` : '';
    const plain = setting.default === null || setting.default === '' ? 'none' : setting.default + unit;
    return {
      variable: variableOf(name),
      flag: `--${flagOf(name)}`,
      default: setting.defaultNote ?? plain,
      allowed: setting.parser.allowed,
      meaning: setting.meaning + (setting.repeatable ? '; repeatable' : ''),
    };
  });
}

/** Text for a terminal. */
export function helpText(): string {
  const blocks = rows().map(
    (row) =>
      `  ${row.flag}  (${row.variable})\n      ${row.meaning.replaceAll('`', '')}.` +
      ` Default: ${row.default}. Allowed: ${row.allowed}.`,
  );
  return `Rostrum, a webinar server that mixes.

Usage: npm start -- [--flag value ...]

Flags win over environment variables, and those over the defaults.

${blocks.join('\n')}
  --help
      Prints this.
`;
}

/** The same as a Markdown table. */
export function markdownTable(): string {
  const cell = (value: string): string => value.replaceAll('|', '\\|');
  const lines = rows().map(
    (row) =>
      `| \`${row.variable}\` | \`${row.flag}\` | ${cell(row.default)} | ${cell(row.allowed)} | ${cell(row.meaning)} |`,
  );
  return [
    '| variable | flag | default | allowed | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}
