import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { endsWithUs } from '../../machine/endsWithUs.ts';
import { type JanusSettings, writeConfig } from './config.ts';

const READY_MS = 10_000;
const POLL_MS = 50;

/** The version of the installed Janus, or undefined. It tells it before it refuses to know the option. */
export async function findJanus(): Promise<string | undefined> {
  const told = await promisify(execFile)('janus', ['--version']).catch((error) => error);
  if (told.code === 'ENOENT') return undefined;
  return /(\d+\.\d+\.\d+)/.exec(`${told.stdout}${told.stderr}`)?.[1] ?? 'unknown';
}

/** A Janus of our own on loopback, with its own configuration; ended by its id. */
export class JanusProcess {
  readonly #child: ChildProcess;
  readonly url: string;
  #log = '';

  /** @throws Error with its last lines when it does not answer within 10 s */
  static async start(settings: Omit<JanusSettings, 'httpPort'>): Promise<JanusProcess> {
    const httpPort = await freePort();
    await writeConfig({ ...settings, httpPort });
    const janus = new JanusProcess(settings.folder, httpPort);
    try {
      await janus.#answers();
      return janus;
    } catch (error) {
      await janus.close();
      throw error;
    }
  }

  private constructor(folder: string, httpPort: number) {
    this.url = `http://127.0.0.1:${httpPort}/janus`;
    this.#child = spawn('janus', ['-F', folder], { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.on('data', (text: Buffer) => {
        this.#log = (this.#log + text).slice(-2000);
      });
    }
    this.#child.on('error', () => {});
    endsWithUs(this.#child);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get ended(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async close(): Promise<void> {
    if (this.ended) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), 2000);
    await exit;
    clearTimeout(kill);
  }

  async #answers(): Promise<void> {
    const until = Date.now() + READY_MS;
    while (!this.ended && Date.now() < until) {
      const response = await fetch(`${this.url}/info`).catch(() => undefined);
      if (response?.ok) {
        await response.arrayBuffer();
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    throw new Error(`Janus does not answer: ${this.#log.trim().split('\n').slice(-5).join(' / ')}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
