import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from './log.ts';
import { mixerEnvironment } from './program.ts';

/**
 * Mixers parse strangers' bytes in native code, so each is started behind walls: no network, a user of its
 * own, no privileges to be had, no file that grows. Walls are programs of util-linux that each end in the
 * next one, so a mixer keeps the id of the process that was started.
 */

/** Users without a name, one for each mixer in turn, so that none reaches into another; below Debian's 65,000. */
const FIRST_USER = 64_000;
const USERS = 900;

/** Sockets, threads and libraries take a few dozen descriptors. */
const MOST_DESCRIPTORS = 1024;

/** Longer than trying a wall ever takes. */
const TRIAL_MS = 2_000;

interface Way {
  command: readonly string[];
  meaning: string;
}

/** One thing kept from a mixer: in how many ways, the best one first; the first that works here is taken. */
interface Wall {
  name: string;
  ways: Way[];
}

const USER = '{user}';
const asUser = [`--reuid=${USER}`, `--regid=${USER}`, '--clear-groups'];

function wallsFor(isRoot: boolean): Wall[] {
  const apart = isRoot ? ['--net'] : ['--user', '--map-current-user', '--net'];
  const without = (kept: string) => [
    `--inh-caps=-all${kept}`,
    `--bounding-set=-all${kept}`,
    '--no-new-privs',
  ];
  const reading = ',+dac_read_search';
  const plain = { command: ['setpriv', '--no-new-privs'], meaning: 'no new privileges' };
  const others = [
    { command: ['setpriv', ...asUser, ...without('')], meaning: 'a user of its own' },
    {
      command: ['setpriv', ...asUser, ...without(reading), `--ambient-caps=-all${reading}`],
      meaning: 'a user of its own that may read all files, since its program or media are closed to others',
    },
  ];
  const limited = { command: ['prlimit', '--core=0', '--fsize=0'], meaning: 'no file that grows' };
  // Where fewer are allowed already, more cannot be set.
  const fewer = { ...limited, command: [...limited.command, `--nofile=${MOST_DESCRIPTORS}`] };
  return [
    { name: 'network', ways: [{ command: ['unshare', ...apart], meaning: 'no network' }] },
    { name: 'user', ways: isRoot ? [...others, plain] : [plain] },
    { name: 'limits', ways: [fewer, limited] },
  ];
}

export interface JailOptions {
  /** `off` builds no walls. */
  mode: 'auto' | 'off';
  /** What a mixer must be able to read: its program, folders of images and media. */
  reads: readonly string[];
  log: Log;
}

/** The walls that can be had on this machine, tried once: that takes a hundredth of a second where all can be had. */
export class Jail {
  /** What each keeps from a mixer, in words. */
  meanings: string[] = [];
  /** Names of those that cannot be had. */
  missing: string[] = [];
  #before: string[] = [];
  readonly #log: Log;
  #started = 0;

  constructor({ mode, reads, log }: JailOptions) {
    this.#log = log;
    if (mode === 'off') {
      log.warn({}, 'mixers are not jailed: the setting says so');
      return;
    }
    const walls = wallsFor(process.getuid?.() === 0);
    const best = walls.map(({ ways }) => ways[0]!);
    if (isEnough(best, reads)) this.#build(best);
    else this.#buildOneByOne(walls, reads);
    const { meanings, missing } = this;
    if (missing.length === 0) log.info({ meanings }, 'mixers are jailed');
    else {
      const state = meanings.length === 0 ? 'not jailed' : 'jailed in part';
      log.warn({ meanings, missing }, `mixers are ${state}: see docs/operations.md`);
    }
  }

  /** Takes the walls away: nothing starts behind them, for a reason that nobody foresaw. */
  raze(): void {
    if (this.#before.length === 0) return;
    this.#before = [];
    this.missing = wallsFor(true).map(({ name }) => name);
    this.meanings = [];
    this.#log.warn({}, 'no mixer starts in its jail: from now on they run without one');
  }

  /** What to start instead of `command`, so that it runs behind the walls. */
  around(command: readonly string[]): string[] {
    return [...forUser(this.#before, FIRST_USER + (this.#started++ % USERS)), ...command];
  }

  #build(ways: readonly Way[]): void {
    this.#before = ways.flatMap(({ command }) => command);
    this.meanings = ways.map(({ meaning }) => meaning);
  }

  #buildOneByOne(walls: readonly Wall[], reads: readonly string[]): void {
    const built: Way[] = [];
    for (const { name, ways } of walls) {
      const way = ways.find((each) => isEnough([...built, each], reads));
      if (way === undefined) this.missing.push(name);
      else built.push(way);
    }
    this.#build(built);
  }
}

const forUser = (command: readonly string[], user: number): string[] =>
  command.map((word) => word.replace(USER, String(user)));

/**
 * Whether the walls stand, and node and what it reads can be reached behind them. Files are opened, since asking
 * whether one may does not count capabilities; of folders nothing more is wanted either.
 */
function isEnough(ways: readonly Way[], reads: readonly string[]): boolean {
  const before = ways.flatMap(({ command }) => command);
  return works([...before, 'head', '-c', '0', process.execPath, ...reads.map(nearest)]);
}

/** What is not there yet will be where the nearest folder is. */
function nearest(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearest(dirname(path));
}

function works(command: readonly string[]): boolean {
  const [program, ...words] = forUser(command, FIRST_USER);
  const env = mixerEnvironment(process.env);
  const { status } = spawnSync(program!, words, { env, cwd: '/', stdio: 'ignore', timeout: TRIAL_MS });
  return status === 0;
}
