import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chunkFrame, controlFrame } from '../../../mixer/protocol/framing.ts';
import { PushEncoder } from '../../../mixer/protocol/push.ts';
import { childEnvironment } from '../ffmpeg/environment.ts';
import { complaint } from './complaint.ts';
import type { ChunkTap, ProgramChunk } from './feed.ts';
import { CannotPush, type OpenPush, type Push, type PushParts } from './push.ts';
import { authority, secretsOf, type Target } from './target.ts';
import { WhipRelay } from './whipRelay.ts';

const START_MS = 20_000;
const STOP_MS = 1_000;
const MAX_SAID = 4_000;
/** What waits for a child that takes nothing, in seconds of media. */
const LONGEST_WAIT_S = 8;

/** WHIP: pictures and sound as they are, sent by a process of its own (`mixer/push/`). */
export const openWhip: OpenPush = async (parts) => {
  const program = pushProgram();
  if (!existsSync(program)) throw new CannotPush('the push program of this server is not built');
  const relay = await WhipRelay.open({
    url: endpoint(parts.target),
    token: parts.token,
    privateHosts: parts.privateHosts,
  });
  return new WhipPush(program, relay, parts);
};

const endpoint = (target: Target): URL => {
  const query = target.query === '' ? '' : `?${target.query}`;
  return new URL(`${target.scheme}://${authority(target)}${target.path}${query}`);
};

/** The built program of the package this file belongs to, whether run from `src/` or `dist/`. */
function pushProgram(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, 'dist', 'mixer', 'push', 'main.js');
    if (folder === dirname(folder)) throw new CannotPush('the push program of this server is missing');
  }
}

class WhipPush implements Push {
  readonly ended: Promise<string>;
  readonly #parts: PushParts;
  readonly #relay: WhipRelay;
  readonly #child: ChildProcess;
  readonly #taps: ChunkTap[];
  readonly #starting: NodeJS.Timeout;
  #killing: NodeJS.Timeout | undefined;
  #fromUs: number | undefined;
  #said = '';
  #ownReason: string | null = null;

  constructor(program: string, relay: WhipRelay, parts: PushParts) {
    this.#parts = parts;
    this.#relay = relay;
    const { width, height, fps, kbps } = parts.feed;
    this.#child = spawn(process.execPath, [program, 'egress', parts.label], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: childEnvironment(process.env),
    });
    this.#listen();
    this.#child.stdin!.write(controlFrame({ url: relay.url, width, height, fps, kbps }));
    this.#taps = [
      parts.feed.video((chunk) => this.#write(PushEncoder.VIDEO, chunk)),
      parts.feed.audio((chunk) => this.#write(PushEncoder.AUDIO, chunk)),
    ];
    this.#taps[0]!.keyFrame();
    this.#starting = setTimeout(() => this.#cut('the target does not answer'), START_MS);
    this.#starting.unref();
    this.ended = new Promise((resolve) => {
      this.#child.once('error', () => this.#child.pid === undefined && resolve(this.#end()));
      this.#child.once('close', () => resolve(this.#end()));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  stop(): void {
    this.#ownReason ??= '';
    this.#release();
    this.#child.stdin!.end();
    this.#killing = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
  }

  #listen(): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const stream of [stdin, stdout, stderr]) stream!.on('error', () => {});
    stdout!.on('data', () => {
      clearTimeout(this.#starting);
      this.#parts.running();
    });
    stderr!.on('data', (text: Buffer) => {
      this.#said = (this.#said + text.toString()).slice(-MAX_SAID);
    });
  }

  /** The stream begins with a key frame, and its time with that. */
  #write(encoder: number, { keyFrame, ptsUs, durationUs, bytes }: ProgramChunk): void {
    if (this.#fromUs === undefined && encoder === PushEncoder.VIDEO && keyFrame) this.#fromUs = ptsUs;
    const stdin = this.#child.stdin!;
    if (this.#fromUs === undefined || ptsUs < this.#fromUs || !stdin.writable) return;
    stdin.write(chunkFrame({ encoder, keyFrame, ptsUs: ptsUs - this.#fromUs, durationUs, bytes }));
    const most = (this.#parts.feed.kbps * 1000 * LONGEST_WAIT_S) / 8;
    if (stdin.writableLength > most) this.#cut('the process that sends is stuck');
  }

  #cut(reason: string): void {
    this.#ownReason ??= reason;
    this.#release();
    this.#child.kill('SIGKILL');
  }

  #release(): void {
    clearTimeout(this.#starting);
    for (const tap of this.#taps) tap.close();
  }

  async #end(): Promise<string> {
    this.#release();
    clearTimeout(this.#killing);
    await this.#relay.close();
    const { target, token } = this.#parts;
    const secrets = [...secretsOf(target), ...(token === null ? [] : [token])];
    return this.#ownReason ?? this.#relay.problem ?? complaint(this.#said, secrets);
  }
}
