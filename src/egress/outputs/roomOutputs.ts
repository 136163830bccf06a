import { randomBytes } from 'node:crypto';
import { RostrumError } from '../../errors.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Awaited, HlsFile } from '../hls/file.ts';
import { HlsStream } from '../hls/stream.ts';
import type { Log } from '../log.ts';
import { checkedAddress, LookupProblem, type PrivateHosts } from './addresses.ts';
import type { OutputFeed } from './feed.ts';
import { HlsOutput } from './hlsOutput.ts';
import { PushOutput } from './pushOutput.ts';
import { parseTarget } from './target.ts';
import type { Output, OutputSpec, OutputView } from './view.ts';

export interface OutputSettings {
  privateHosts: PrivateHosts;
  /** Of the AAC that is made for HLS, RTMP and SRT. */
  soundKbps: number;
}

export interface RoomOutputsParts extends OutputSettings {
  room: string;
  feed: OutputFeed;
  /** @throws Error when there is none */
  ffmpeg(): Promise<Ffmpeg>;
  /** Milliseconds since 1970, less those of the clock that chunks are stamped with. */
  wallOffsetMs(): number;
  log: Log;
  /** One was made, has changed or is gone. */
  changed(): void;
}

/** In one room, of all kinds. */
const MAX_OUTPUTS = 20;

/** The ways on which one room's program leaves the server. */
export class RoomOutputs {
  readonly #parts: RoomOutputsParts;
  readonly #outputs = new Map<string, Output>();
  #stream: HlsStream | undefined;
  #closed = false;

  constructor(parts: RoomOutputsParts) {
    this.#parts = parts;
  }

  /** @throws RostrumError invalid-request | url-refused | output-exists | too-many-outputs | cannot-output */
  async begin(spec: OutputSpec): Promise<OutputView> {
    const output = spec.type === 'hls' ? await this.#beginHls(spec) : await this.#beginPush(spec);
    this.#outputs.set(output.id, output);
    this.#parts.changed();
    return output.view();
  }

  list(): OutputView[] {
    return [...this.#outputs.values()].map((output) => output.view());
  }

  /** @throws RostrumError no-such-output */
  get(id: string): OutputView {
    return this.#find(id).view();
  }

  /** @throws RostrumError no-such-output */
  async end(id: string): Promise<void> {
    const output = this.#find(id);
    this.#outputs.delete(id);
    await output.end();
    this.#parts.changed();
  }

  /**
   * A file of the HLS stream, by the path that an output has opened.
   * @param key null on the public path
   * @throws RostrumError not-found, and those of the stream
   */
  async hlsFile(key: string | null, name: string, awaited: Awaited | null): Promise<HlsFile> {
    const isOpen = [...this.#outputs.values()].some((one) => one instanceof HlsOutput && one.key === key);
    if (!isOpen || !this.#stream)
      throw new RostrumError('not-found', 'there is no such stream; a host begins one as an output');
    return this.#stream.file(name, awaited);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#outputs.values()];
    this.#outputs.clear();
    await Promise.all(all.map((output) => output.end()));
  }

  async #beginHls({ url, token, access = 'public' }: OutputSpec): Promise<Output> {
    const stray = url !== undefined ? 'url' : token !== undefined ? 'token' : null;
    if (stray) throw new RostrumError('invalid-request', `${stray}: an hls output has none`);
    const ffmpeg = await this.#ffmpegWith('adts', 'HLS');
    this.#checkRoom();
    const isTaken = [...this.#outputs.values()].some((one) => one instanceof HlsOutput && one.key === null);
    if (access === 'public' && isTaken)
      throw new RostrumError(
        'output-exists',
        'the room has a public hls output already; end it, or ask for access "token"',
      );
    this.#stream ??= this.#openStream(ffmpeg);
    const { room } = this.#parts;
    const common = { id: newId(), startedAt: this.#now(), stream: this.#stream };
    return new HlsOutput({ ...common, room, access, ended: () => this.#closeUnused() });
  }

  async #beginPush({ type, url, token, access }: OutputSpec): Promise<Output> {
    if (access !== undefined) throw new RostrumError('invalid-request', 'access: only hls outputs have it');
    if (url === undefined) throw new RostrumError('invalid-request', 'url: needed; it says where to send to');
    if (token !== undefined && type !== 'whip')
      throw new RostrumError('invalid-request', 'token: only for whip');
    const target = parseTarget(type as Exclude<typeof type, 'hls'>, url);
    const { privateHosts } = this.#parts;
    await checkedAddress(target.host, privateHosts).catch((error) => {
      // A name that is not known now may be so later: the output says it and goes on trying.
      if (!(error instanceof LookupProblem)) throw error;
    });
    const ffmpeg = await this.#parts.ffmpeg().catch(() => null);
    this.#checkRoom();
    return new PushOutput({
      ...this.#parts,
      target,
      ffmpeg,
      token: token ?? null,
      id: newId(),
      startedAt: this.#now(),
    });
  }

  /** @throws RostrumError cannot-output */
  async #ffmpegWith(muxer: string, purpose: string): Promise<Ffmpeg> {
    const ffmpeg = await this.#parts.ffmpeg().catch(() => null);
    if (ffmpeg?.muxers.has(muxer) && ffmpeg.encoders.has('aac')) return ffmpeg;
    throw new RostrumError('cannot-output', `${purpose} needs an ffmpeg on the server`);
  }

  /** After all waiting, before anything is made. */
  #checkRoom(): void {
    if (this.#closed) throw new RostrumError('no-such-room', 'the room has ended');
    if (this.#outputs.size < MAX_OUTPUTS) return;
    throw new RostrumError('too-many-outputs', `a room has ${MAX_OUTPUTS} outputs at most; end one`);
  }

  #openStream(ffmpeg: Ffmpeg): HlsStream {
    const { room, feed, soundKbps, log, changed } = this.#parts;
    const label = `hls/${room}`;
    // Read once: a clock that is set meanwhile does not tear the stream.
    const offsetMs = this.#parts.wallOffsetMs();
    const unixMs = (ptsUs: number) => offsetMs + ptsUs / 1000;
    return new HlsStream({ feed, ffmpeg, label, soundKbps, log, unixMs, playable: changed });
  }

  #closeUnused(): void {
    const isUsed = [...this.#outputs.values()].some((output) => output instanceof HlsOutput);
    if (isUsed) return;
    this.#stream?.close();
    this.#stream = undefined;
  }

  #find(id: string): Output {
    const output = this.#outputs.get(id);
    if (output) return output;
    throw new RostrumError(
      'no-such-output',
      `there is no output ${JSON.stringify(id.slice(0, 80))} here; it may have been ended`,
    );
  }

  #now(): string {
    return new Date().toISOString();
  }
}

const newId = (): string => `o-${randomBytes(6).toString('hex')}`;
