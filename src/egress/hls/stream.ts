import { createHash } from 'node:crypto';
import { RostrumError } from '../../errors.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Log } from '../log.ts';
import { avcConfiguration } from '../matroska/avc.ts';
import type { ChunkTap, OutputFeed, ProgramChunk } from '../outputs/feed.ts';
import type { Awaited, HlsFile } from './file.ts';
import { masterPlaylist, mediaPlaylist } from './playlist.ts';
import { Run } from './run.ts';
import { SLOT_US } from './slots.ts';
import { Updates } from './updates.ts';

export interface HlsStreamParts {
  feed: OutputFeed;
  ffmpeg: Ffmpeg;
  /** Names the stream in the command line of its sound encoder. */
  label: string;
  soundKbps: number;
  log: Log;
  /** The wall clock at a moment of the monotonic clock, ms since 1970. */
  unixMs(ptsUs: number): number;
  /** It can be played from now on; told again when it had to begin anew. */
  playable(): void;
}

const PICTURE = 'picture.m3u8';
const SOUND = 'sound.m3u8';
const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';
/** A silence longer than this is a break. */
const LONGEST_GAP_US = 30_000_000;
/** Sound kept while the key frame of its moment is still being encoded. */
const KEPT_SOUND_US = 2_000_000;
const ANSWER_WITHIN_MS = (3 * SLOT_US) / 1000;
/** Of what was waited for: it is the same for everybody who asks (RFC 8216bis B.1). */
const AWAITED_MAX_AGE_S = 12;
const YEAR_S = 31_536_000;

/**
 * A room's program as HTTP Live Streaming, in memory: one stream whoever watches, one text per change.
 *  - It goes on through the death of the mixer or of the sound encoder without a break.
 *  - Requests for what comes next wait for it, each at most three segments' time.
 */
export class HlsStream {
  readonly #parts: HlsStreamParts;
  readonly #taps: ChunkTap[];
  readonly #updates = new Updates();
  readonly #firstSlot: number;
  readonly #texts = new Map<string, HlsFile>();
  #run: Run | undefined;
  #before: Run | undefined;
  #discontinuities = 0;
  #kept: ProgramChunk[] = [];
  #lastUs = Number.NEGATIVE_INFINITY;
  #isPlayable = false;
  #closed = false;

  constructor(parts: HlsStreamParts) {
    this.#parts = parts;
    this.#firstSlot = Math.floor((parts.unixMs(0) * 1000) / SLOT_US);
    this.#taps = [
      parts.feed.video((chunk) => this.#pushVideo(chunk)),
      parts.feed.audio((chunk) => this.#pushAudio(chunk)),
    ];
    this.#taps[0]!.keyFrame();
  }

  /** Of the sound encoder. */
  get pid(): number | undefined {
    return this.#run?.pid;
  }

  get isPlayable(): boolean {
    return this.#isPlayable;
  }

  /**
   * A playlist or a piece of media.
   * @throws RostrumError not-found | bad-request, cannot-mix when it does not come in time
   */
  async file(name: string, awaited: Awaited | null): Promise<HlsFile> {
    if (name === 'index.m3u8' || name === PICTURE || name === SOUND) return this.#playlist(name, awaited);
    const find = () => this.#run?.file(name) ?? this.#before?.file(name);
    if (!find() && this.#isNext(name)) await this.#until(() => find() !== undefined || !this.#isNext(name));
    const bytes = find();
    if (!bytes) throw new RostrumError('not-found', 'no such part of the stream, or not any more');
    const type = /-a[\d.]*(m4s|mp4)$/.test(name) ? 'audio/mp4' : 'video/mp4';
    return { bytes, type, etag: `"${name}"`, maxAgeS: YEAR_S, immutable: true };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const tap of this.#taps) tap.close();
    this.#run?.close();
    this.#updates.close();
  }

  async #playlist(name: string, awaited: Awaited | null): Promise<HlsFile> {
    await this.#until(() => this.#isPlayable);
    if (awaited && name !== 'index.m3u8') await this.#untilThere(name, awaited);
    if (!this.#run) throw new RostrumError('cannot-mix', 'the stream is beginning anew', 2);
    const file = this.#texts.get(name) ?? this.#write(name, this.#run);
    return awaited ? { ...file, maxAgeS: AWAITED_MAX_AGE_S } : file;
  }

  async #untilThere(name: string, { msn, part }: Awaited): Promise<void> {
    const rendition = () => (name === PICTURE ? this.#run?.picture : this.#run?.sound);
    const slot = msn - this.#firstSlot;
    // RFC 8216bis 6.2.5.2: what is too far ahead is a mistake.
    if (slot > (rendition()?.open?.slot ?? slot) + 2)
      throw new RostrumError('bad-request', '_HLS_msn: not due for a while yet');
    await this.#until(() => rendition()?.has(slot, part) === true);
  }

  #isNext(name: string): boolean {
    return this.#run !== undefined && [this.#run.picture.nextPart, this.#run.sound.nextPart].includes(name);
  }

  async #until(holds: () => boolean): Promise<void> {
    const came = await this.#updates.until(holds, ANSWER_WITHIN_MS);
    if (this.#closed) throw new RostrumError('not-found', 'the stream has ended');
    if (!came) throw new RostrumError('cannot-mix', 'nothing new has come for a while', 2);
  }

  #write(name: string, run: Run): HlsFile {
    const text = name === 'index.m3u8' ? this.#master(run) : this.#media(name, run);
    const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
    const file = {
      bytes: Buffer.from(text),
      type: PLAYLIST_TYPE,
      etag,
      maxAgeS: 1,
      immutable: false,
    };
    this.#texts.set(name, file);
    return file;
  }

  #master(run: Run): string {
    const { feed, soundKbps } = this.#parts;
    const { width, height, fps, kbps } = feed;
    const profile = run.configuration.toString('hex', 1, 4);
    return masterPlaylist({ width, height, fps, videoKbps: kbps, soundKbps, profile });
  }

  #media(name: string, { picture, sound }: Run): string {
    const [rendition, other, uri] = name === PICTURE ? [picture, sound, SOUND] : [sound, picture, PICTURE];
    return mediaPlaylist({
      ...{ rendition, firstSlot: this.#firstSlot, discontinuities: this.#discontinuities },
      ...{ unixMs: this.#parts.unixMs, others: [{ uri, rendition: other }] },
    });
  }

  #pushVideo(chunk: ProgramChunk): void {
    const isGap = chunk.ptsUs - this.#lastUs > LONGEST_GAP_US;
    this.#lastUs = Math.max(chunk.ptsUs, this.#lastUs);
    if (!isGap && this.#run?.pushVideo(chunk)) return;
    this.#begin(chunk);
  }

  #pushAudio(chunk: ProgramChunk): void {
    const run = this.#run;
    if (run && chunk.ptsUs - this.#lastUs < LONGEST_GAP_US) run.pushAudio(chunk);
    this.#kept = [...this.#kept, chunk].filter(({ ptsUs }) => ptsUs > chunk.ptsUs - KEPT_SOUND_US);
  }

  /** Begins anew with a key frame, or asks for one. */
  #begin(chunk: ProgramChunk): void {
    const configuration = chunk.keyFrame ? avcConfiguration(chunk.bytes) : null;
    if (!configuration) {
      if (this.#run) this.#end(this.#run);
      this.#taps[0]?.keyFrame();
      return;
    }
    if (this.#run) this.#end(this.#run);
    const { feed, ffmpeg, label, soundKbps, log } = this.#parts;
    const { width, height, fps } = feed;
    const changed = () => this.#changed();
    this.#run = new Run(chunk, configuration, {
      ...{ ffmpeg, label, width, height, fps, soundKbps, log, changed },
    });
    this.#run.pushVideo(chunk);
    for (const sound of this.#kept) this.#run.pushAudio(sound);
  }

  #end(run: Run): void {
    run.close();
    this.#before = run;
    this.#run = undefined;
    this.#discontinuities++;
    this.#isPlayable = false;
  }

  #changed(): void {
    if (this.#closed) return;
    this.#texts.clear();
    if (!this.#isPlayable && this.#run?.playable) {
      this.#isPlayable = true;
      this.#parts.playable();
    }
    this.#updates.tell();
  }
}
