import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A TCP port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** An ffmpeg that takes one stream and keeps what it got. */
export class Receiver {
  readonly file: string;
  readonly #child: ChildProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), 'rostrum-receiver-'));
  readonly ended: Promise<number | null>;
  said = '';

  /** @param input options and address of what it listens to */
  constructor(ffmpeg: string, input: string[]) {
    this.file = join(this.#folder, 'received.mkv');
    const output = ['-map', '0', '-c', 'copy', '-flush_packets', '1', '-f', 'matroska', this.file];
    this.#child = spawn(ffmpeg, ['-hide_banner', '-loglevel', 'info', '-y', ...input, ...output]);
    this.#child.stderr!.on('data', (text: Buffer) => {
      this.said += text;
    });
    this.ended = new Promise((resolve) => this.#child.once('close', resolve));
  }

  get pid(): number {
    return this.#child.pid!;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    this.#child.kill(signal);
    return this.ended;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
