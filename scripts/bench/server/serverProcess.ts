import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endsWithUs } from '../machine/endsWithUs.ts';
import { ServerApi } from './api.ts';

const START_MS = 20_000;
const STOP_MS = 15_000;
/** Of what it said last, for when it crashes. */
const TAIL_LINES = 20;
const TAIL_BYTES = 16_000;

/** As `npm start` gives them. */
const nodeFlags = ['--max-semi-space-size=1'];

export interface ServerOptions {
  /** Path of the built `src/main.js`. */
  main: string;
  /** TCP port; default: a free one. */
  port?: number;
  /** Further settings, as environment variables. */
  settings?: Record<string, string>;
}

/** The real server as a tree of processes of its own, with a folder of its own, on loopback. */
export class ServerProcess {
  readonly url: string;
  readonly api: ServerApi;
  /** Resolves with how it ended, if it does so before `close`. */
  readonly crashed: Promise<string>;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #log: LogTail;
  readonly #exit: Promise<string>;
  #closing = false;

  /** @throws Error with what it said, when it ends instead of listening */
  static async start({ main, port = 0, settings = {} }: ServerOptions): Promise<ServerProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'rostrum-bench-'));
    const apiKey = randomBytes(24).toString('hex');
    const env = {
      ...withoutOwnSettings(process.env),
      ROSTRUM_PORT: String(port),
      ROSTRUM_HOST: '127.0.0.1',
      ROSTRUM_DATA: folder,
      ROSTRUM_API_KEY: apiKey,
      ROSTRUM_DEMO: 'off',
      // Everybody on the largest stage is forwarded.
      ROSTRUM_MAX_SLOTS: '25',
      // What happens beyond the headroom is measured, too.
      ROSTRUM_MAX_LAG: '0',
      ROSTRUM_MAX_SKIPPED: '0',
      ...settings,
    };
    const child = spawn(process.execPath, [...nodeFlags, main], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C on the terminal is the benchmark's to handle: it still has something to write.
      detached: true,
    });
    endsWithUs(child);
    const log = new LogTail(child);
    const exit = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) =>
        resolve(signal ? `ended by ${signal}` : `ended with code ${code}`),
      );
    });
    try {
      const url = await log.listening(exit);
      return new ServerProcess(child, folder, log, exit, url, apiKey);
    } catch (error) {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  private constructor(
    child: ChildProcess,
    folder: string,
    log: LogTail,
    exit: Promise<string>,
    url: string,
    apiKey: string,
  ) {
    this.#child = child;
    this.#folder = folder;
    this.#log = log;
    this.#exit = exit;
    this.url = url;
    this.api = new ServerApi(url, apiKey);
    this.crashed = new Promise((resolve) => {
      void exit.then((how) => this.#closing || resolve(`the server ${how}:\n${log.tail}`));
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Its last lines. */
  get tail(): string {
    return this.#log.tail;
  }

  /** Asks it to end, and sees that it does. */
  async close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      this.#child.kill('SIGTERM');
    }
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await this.#exit;
    clearTimeout(kill);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What somebody has set for their own server must not change what is measured. */
function withoutOwnSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('ROSTRUM_')));
}

/** Reads a server's output: the address it listens on, and its last lines. */
class LogTail {
  #text = '';
  #heard: () => void = () => {};

  constructor(child: ChildProcess) {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        this.#text = (this.#text + chunk).slice(-TAIL_BYTES);
        this.#heard();
      });
    }
  }

  get tail(): string {
    return this.#text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  }

  listening(exit: Promise<string>): Promise<string> {
    return new Promise((resolve, reject) => {
      const refuse = (why: string) => reject(new Error(`the server ${why}:\n${this.tail}`));
      const timer = setTimeout(() => refuse(`did not listen within ${START_MS} ms`), START_MS);
      this.#heard = () => {
        const url = /listening on (http:\/\/[^\s",}]+)/.exec(this.#text)?.[1];
        if (url === undefined) return;
        clearTimeout(timer);
        this.#heard = () => {};
        resolve(url);
      };
      void exit.then((how) => {
        clearTimeout(timer);
        refuse(how);
      });
    });
  }
}
