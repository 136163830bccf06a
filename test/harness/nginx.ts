import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

const sample = join(import.meta.dirname, '../../docs/nginx-hls.conf');

/** Path of the machine's nginx, or null. */
export function findNginx(): string | null {
  try {
    return execFileSync('sh', ['-c', 'command -v nginx || ls /usr/sbin/nginx'], { stdio: 'pipe' })
      .toString()
      .trim();
  } catch {
    return null;
  }
}

/** A real nginx in front of a server, with the configuration that stands in the documentation. */
export class Nginx {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #ended: Promise<unknown>;

  static async start(program: string, server: string, port: number): Promise<Nginx> {
    const folder = await mkdtemp(join(tmpdir(), 'rostrum-nginx-'));
    // Started by root, its workers are somebody else.
    await chmod(folder, 0o755);
    const text = await readFile(sample, 'utf8');
    const configuration = text
      .replace('127.0.0.1:8080', new URL(server).host)
      .replace('listen 8000', `listen 127.0.0.1:${port}`);
    await writeFile(join(folder, 'nginx.conf'), configuration);
    const child = spawn(program, ['-p', folder, '-c', 'nginx.conf', '-g', 'daemon off;'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const nginx = new Nginx(child, folder, `http://127.0.0.1:${port}`);
    await until('nginx answers', async () => (await fetch(`${nginx.url}/hls/none/index.m3u8`)).status > 0);
    return nginx;
  }

  private constructor(child: ChildProcess, folder: string, url: string) {
    this.#child = child;
    this.#folder = folder;
    this.url = url;
    this.#ended = new Promise((resolve) => child.once('exit', resolve));
  }

  get pid(): number {
    return this.#child.pid!;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
