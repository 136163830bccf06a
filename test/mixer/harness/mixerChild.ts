import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { nowUs } from '../../../mixer/clock.ts';
import type { FromMixer, ToMixer } from '../../../mixer/protocol/control.ts';
import {
  type Chunk,
  controlFrame,
  FrameReader,
  FrameType,
  RtpBatch,
  readChunk,
  readTrackFrame,
  type TrackFrame,
} from '../../../mixer/protocol/framing.ts';
import { type Picture, readPicture } from '../../../mixer/protocol/picture.ts';

const usual = join(import.meta.dirname, '../../../dist/mixer/main.js');

export type Heard =
  | FromMixer
  | { type: 'media'; encoder: number; picture: Picture }
  | { type: 'track-frame'; frame: TrackFrame }
  | { type: 'chunk'; chunk: Chunk };

type Waiting = { wants: (heard: Heard) => boolean; resolve: (heard: Heard) => void };

/** The real mixer program as the server starts it. Everything it says can be waited for. */
export class MixerChild {
  readonly #process: ChildProcess;
  readonly channel: Duplex;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  readonly #reader = new FrameReader();
  #waiting: Waiting[] = [];
  stderr = '';
  /** How many coded chunks came so far. */
  chunks = 0;

  constructor(program = usual) {
    if (!existsSync(program)) throw new Error(`${program} is missing: run npm run build first`);
    const { NODE_OPTIONS: _, ...env } = process.env;
    this.#process = spawn(process.execPath, [program, 'mixer', 'test'], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env,
    });
    this.channel = this.#process.stdio[3] as Duplex;
    this.channel.on('data', (bytes: Buffer) =>
      this.#reader.push(bytes, (type, payload) => this.#hear(type, payload)),
    );
    this.channel.on('error', () => {});
    this.#process.stderr!.on('data', (text) => {
      this.stderr += text;
    });
    this.exited = new Promise((resolve) => {
      this.#process.on('exit', (code, signal) => resolve({ code, signal }));
    });
  }

  send(...messages: ToMixer[]): void {
    for (const message of messages) this.channel.write(controlFrame(message));
  }

  /** Packets that arrive now. */
  rtp(track: number, packets: Buffer[]): void {
    const batch = new RtpBatch();
    for (const packet of packets) batch.add(track, nowUs(), packet);
    this.channel.write(batch.take());
  }

  /** The next thing of this kind that satisfies `wants`. */
  next<T extends Heard['type']>(
    type: T,
    wants: (heard: Extract<Heard, { type: T }>) => boolean = () => true,
  ): Promise<Extract<Heard, { type: T }>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no ${type} within 10 s; ${this.stderr}`)),
        10_000,
      ).unref();
      this.#waiting.push({
        wants: (heard) => heard.type === type && wants(heard as Extract<Heard, { type: T }>),
        resolve: (heard) => {
          clearTimeout(timer);
          resolve(heard as Extract<Heard, { type: T }>);
        },
      });
    });
  }

  /** The next `count` pictures of an encoder. */
  async media(encoder: number, count: number): Promise<Picture[]> {
    const pictures: Picture[] = [];
    await this.next('media', (heard) => heard.encoder === encoder && pictures.push(heard.picture) === count);
    return pictures;
  }

  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void {
    this.#process.kill(name);
  }

  #hear(type: number, payload: Buffer): void {
    const heard = read(type, payload);
    if (heard.type === 'chunk') this.chunks++;
    const satisfied = this.#waiting.filter(({ wants }) => wants(heard));
    this.#waiting = this.#waiting.filter((each) => !satisfied.includes(each));
    for (const { resolve } of satisfied) resolve(heard);
  }
}

function read(type: number, payload: Buffer): Heard {
  if (type === FrameType.CONTROL) return JSON.parse(payload.toString()) as FromMixer;
  if (type === FrameType.TRACK) return { type: 'track-frame', frame: readTrackFrame(payload) };
  if (type === FrameType.CHUNK) return { type: 'chunk', chunk: readChunk(payload) };
  return { type: 'media', encoder: payload.readUInt16BE(0), picture: readPicture(payload.subarray(2)) };
}
