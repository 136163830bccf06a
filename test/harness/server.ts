import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RestClient } from './rest.ts';

const root = join(import.meta.dirname, '../..');
const main = join(root, 'dist/src/main.js');
const API_KEY = 'key-of-the-behaviour-tests-0123456789';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A real server in a process of its own, with a fresh data folder. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #data: string;
  readonly #ended: Promise<Ended>;
  readonly url: string;
  readonly rest: RestClient;

  private constructor(child: ChildProcess, data: string, url: string, ended: Promise<Ended>) {
    this.#child = child;
    this.#data = data;
    this.#ended = ended;
    this.url = url;
    this.rest = new RestClient(url, API_KEY);
  }

  /** @throws Error with what the server said, when it ends instead of listening */
  static async start(settings: Record<string, string> = {}): Promise<ServerProcess> {
    if (!existsSync(main)) throw new Error(`${main} is missing: run npm run build first`);
    const data = await mkdtemp(join(tmpdir(), 'rostrum-test-'));
    const env = {
      ...process.env,
      ROSTRUM_PORT: '0',
      ROSTRUM_HOST: '127.0.0.1',
      ROSTRUM_DATA: data,
      ROSTRUM_API_KEY: API_KEY,
      // A machine that tests in parallel is short of headroom at times; only tests of that want to know.
      ROSTRUM_MAX_LAG: '0',
      ROSTRUM_MAX_SKIPPED: '0',
      ...settings,
    };
    const flags = ['--max-semi-space-size=1', main];
    const child = spawn(process.execPath, flags, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<Ended>((resolve) => {
      child.on('exit', (code, signal) => resolve({ code, signal }));
    });
    return new ServerProcess(child, data, await listeningAt(child, ended), ended);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Asks it to end, as systemd and Ctrl-C do, and waits. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.#child.kill(signal);
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), 15_000);
    const ended = await this.#ended;
    clearTimeout(kill);
    await rm(this.#data, { recursive: true, force: true });
    return ended;
  }
}

function listeningAt(child: ChildProcess, ended: Promise<Ended>): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    const hear = (text: Buffer) => {
      // Kept short: only the start is of interest, and the log of a long run is not.
      if (said.length < 20_000) said += text;
      const url = /listening on (http:\/\/\S+?)["\s,}]/.exec(said)?.[1];
      if (url) resolve(url.replace('0.0.0.0', '127.0.0.1'));
      if (process.env.ROSTRUM_TEST_LOG) process.stderr.write(text);
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
    void ended.then(({ code, signal }) =>
      reject(new Error(`the server ended with ${code ?? signal}: ${said}`)),
    );
  });
}
