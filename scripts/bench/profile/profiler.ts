import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ThreadShares } from './samples.ts';
import { type FromThread, SOCKET_VARIABLE } from './threadMessages.ts';

/** A thread that does not answer by then has ended, or is busy beyond measuring. */
const ANSWER_MS = 5_000;

interface Thread {
  socket: Socket;
  tid: number;
}

/** Profiles all JavaScript threads of a process tree between two moments, from outside. */
export class TreeProfiler {
  readonly #folder: string;
  readonly #server: Server;
  readonly #threads = new Map<Socket, Thread>();
  #shares = new Map<number, ThreadShares>();
  #answered: () => void = () => {};

  static async listen(): Promise<TreeProfiler> {
    const folder = await mkdtemp(join(tmpdir(), 'rostrum-profile-'));
    const profiler = new TreeProfiler(folder);
    await new Promise<void>((resolve, reject) => {
      profiler.#server.once('error', reject);
      profiler.#server.listen(profiler.#path, resolve);
    });
    return profiler;
  }

  private constructor(folder: string) {
    this.#folder = folder;
    this.#server = createServer((socket) => this.#meet(socket));
  }

  get #path(): string {
    return join(this.#folder, 'threads');
  }

  /** What a process needs in its environment to be profiled. */
  get environment(): Record<string, string> {
    const preload = pathToFileURL(join(import.meta.dirname, 'preload.js')).href;
    return { NODE_OPTIONS: `--import ${preload}`, [SOCKET_VARIABLE]: this.#path };
  }

  /** Thread ids of those that can be profiled now. */
  get threads(): number[] {
    return [...this.#threads.values()].map(({ tid }) => tid);
  }

  begin(): void {
    this.#shares = new Map();
    for (const { socket } of this.#threads.values()) socket.write('begin\n');
  }

  /** Shares by thread id, of those threads that answered. */
  async end(): Promise<Map<number, ThreadShares>> {
    const asked = this.#threads.size;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ANSWER_MS);
      this.#answered = () => {
        if (this.#shares.size >= Math.min(asked, this.#threads.size)) resolve();
      };
      for (const { socket } of this.#threads.values()) socket.write('end\n');
      this.#answered();
    });
    clearTimeout(timer);
    this.#answered = () => {};
    return this.#shares;
  }

  async close(): Promise<void> {
    for (const socket of this.#threads.keys()) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true, force: true });
  }

  #meet(socket: Socket): void {
    let rest = '';
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#threads.delete(socket);
      this.#answered();
    });
    socket.on('data', (bytes: Buffer) => {
      const lines = (rest + bytes).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.#hear(socket, JSON.parse(line) as FromThread);
    });
  }

  #hear(socket: Socket, message: FromThread): void {
    if (message.type === 'thread') this.#threads.set(socket, { socket, tid: message.tid });
    else {
      this.#shares.set(message.tid, message.shares);
      this.#answered();
    }
  }
}
