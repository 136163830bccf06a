import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { FromMixer, MixerStats, ToMixer } from '../../../mixer/protocol/control.ts';
import { controlFrame, FrameReader, FrameType } from '../../../mixer/protocol/framing.ts';
import { nowUs } from '../feed/feeder.ts';

/** A picture or sound frame as it came out of the mixer. */
export interface Emitted {
  encoder: number;
  arrivalUs: number;
  /** See `mixer/protocol/picture.ts`. */
  picture: Buffer;
}

/** A real mixer as a child process, as the server starts it, and everything it says. */
export class MixerProcess {
  readonly #child: ChildProcess;
  readonly #channel: Duplex;
  readonly #ready: Promise<void>;
  readonly emitted: Emitted[] = [];
  readonly stats: MixerStats[] = [];
  nacks = 0;
  keyFramesWanted = 0;
  ffmpeg = '';

  /** @param core the only one it may use, where given: by taskset of util-linux */
  constructor(program: string, core?: number) {
    const command = [process.execPath, program, 'mixer', 'bench'];
    const [path, ...args] = core === undefined ? command : ['taskset', '-c', `${core}`, ...command];
    this.#child = spawn(path!, args, { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
    this.#channel = this.#child.stdio[3] as Duplex;
    this.#ready = new Promise((resolve, reject) => {
      const reader = new FrameReader();
      this.#channel.on('data', (chunk: Buffer) =>
        reader.push(chunk, (type, payload) => this.#take(type, payload, resolve)),
      );
      this.#channel.on('error', () => {});
      this.#child.on('error', reject);
      this.#child.on('exit', (code, signal) => reject(new Error(`the mixer ended with ${code ?? signal}`)));
    });
    // Only `ready()` reports it; a mixer that ends when it is closed is nobody's error.
    this.#ready.catch(() => {});
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get channel(): Duplex {
    return this.#channel;
  }

  /** @throws Error when it ended before */
  ready(): Promise<void> {
    return this.#ready;
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  post(message: ToMixer): void {
    this.#channel.write(controlFrame(message));
  }

  async close(): Promise<void> {
    if (this.ended) return;
    const exit = once(this.#child, 'exit');
    this.#channel.destroy();
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), 2000);
    await exit;
    clearTimeout(kill);
  }

  #take(type: number, payload: Buffer, ready: () => void): void {
    if (type === FrameType.MEDIA) {
      const encoder = payload.readUInt16BE(0);
      this.emitted.push({ encoder, arrivalUs: nowUs(), picture: payload.subarray(2) });
    } else if (type === FrameType.CONTROL) {
      this.#listen(JSON.parse(payload.toString()) as FromMixer, ready);
    }
  }

  #listen(message: FromMixer, ready: () => void): void {
    if (message.type === 'ready') {
      this.ffmpeg = message.ffmpeg;
      ready();
    } else if (message.type === 'stats') this.stats.push(message);
    else if (message.type === 'nack') this.nacks += message.sequences.length;
    else if (message.type === 'key-frame-wanted') this.keyFramesWanted++;
  }
}
