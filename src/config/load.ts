/** From defaults, environment and flags to one checked value; read once, at start. */

import { parseArgs } from 'node:util';
import {
  flagOf,
  type Setting,
  type SettingName,
  type Settings,
  settingNames,
  settings,
  variableOf,
} from './settings.ts';

/** The start cannot go on; the message is for the person who started it. */
export class ConfigError extends Error {}

export interface Config extends Settings {
  /** Settings that were given, by flag or environment, rather than taken from the defaults. */
  readonly given: ReadonlySet<SettingName>;
  /** Sentences to log at start, such as a variable that looks like a setting and is none. */
  readonly warnings: readonly string[];
}

/** Read elsewhere: by the tests and by the recorder's set-up. */
const otherVariables = new Set(['ROSTRUM_CHROMIUM', 'ROSTRUM_FFMPEG']);

type Given = Map<SettingName, { from: string; text: string }>;

/**
 * @param argv flags, without the program's name
 * @throws ConfigError with the setting's name, what was given and what is allowed
 */
export function loadConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Config {
  const given: Given = new Map([...fromEnvironment(env), ...fromFlags(argv)]);
  const values: Record<string, unknown> = {};
  for (const name of settingNames) values[name] = readValue(name, given);
  const config = {
    ...(values as Settings),
    given: new Set(given.keys()),
    warnings: unknownVariables(env),
  };
  checkTogether(config);
  return config;
}

/** True when the flags ask for the table of settings. */
export const wantsHelp = (argv: readonly string[]): boolean =>
  argv.some((arg) => arg === '--help' || arg === '-h');

/** An empty variable counts as not set, as container files like to have it. */
function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Given {
  const given: Given = new Map();
  for (const name of settingNames) {
    const text = env[variableOf(name)]?.trim();
    if (text) given.set(name, { from: variableOf(name), text });
  }
  return given;
}

function fromFlags(argv: readonly string[]): Given {
  const options = Object.fromEntries(
    settingNames.map((name) => [flagOf(name), { type: 'string', multiple: true }] as const),
  );
  const given: Given = new Map();
  const values = parseFlags(argv, options);
  for (const name of settingNames) {
    const texts = values[flagOf(name)];
    if (!texts?.length) continue;
    const setting: Setting = settings[name];
    const text = setting.repeatable ? texts.join(',') : texts.at(-1)!;
    given.set(name, { from: `--${flagOf(name)}`, text });
  }
  return given;
}

function parseFlags(
  argv: readonly string[],
  options: Record<string, { type: 'string'; multiple: true }>,
): Record<string, string[] | undefined> {
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values as never;
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split('. ')[0]}. --help lists every setting.`);
  }
}

function readValue(name: SettingName, given: Given): unknown {
  const setting: Setting = settings[name];
  const found = given.get(name);
  if (!found) return setting.default === null ? undefined : setting.parser.parse(setting.default);
  try {
    return setting.parser.parse(found.text);
  } catch {
    const shown = setting.secret ? 'a value' : JSON.stringify(found.text.slice(0, 200));
    throw new ConfigError(`${found.from} was given ${shown}; allowed: ${setting.parser.allowed}.`);
  }
}

function checkTogether(config: Config): void {
  if (!config.tlsCert !== !config.tlsKey) {
    const [has, lacks] = config.tlsCert ? (['tlsCert', 'tlsKey'] as const) : (['tlsKey', 'tlsCert'] as const);
    throw new ConfigError(`${variableOf(has)} was given without ${variableOf(lacks)}; HTTPS needs both.`);
  }
  if (config.tls === 'self' && config.tlsCert) {
    throw new ConfigError(
      `${variableOf('tls')} was given self beside a certificate; allowed: one of the two.`,
    );
  }
  for (const name of ['videoWidth', 'videoHeight'] as const) {
    if (config[name] % 2 === 0) continue;
    throw new ConfigError(
      `${variableOf(name)} was given ${config[name]}; allowed: an even number (4:2:0 pictures).`,
    );
  }
}

function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set<string>(settingNames.map(variableOf));
  return Object.keys(env)
    .filter((key) => key.startsWith('ROSTRUM_') && !known.has(key) && !otherVariables.has(key))
    .map((key) => `${key} is not a setting; --help lists every setting`);
}
