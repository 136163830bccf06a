import { join } from 'node:path';
import type { Log } from '../log.ts';
import { avcConfiguration } from '../matroska/avc.ts';
import type { TrackChunk, TrackStream } from './feed.ts';
import { suffixOf, TrackFile } from './trackFile.ts';

/** A file of a speaker's track, as it was begun. */
export interface TrackNote {
  name: string;
  participant: string;
  /** Of the person; the file is not named after them. */
  person: string;
  kind: TrackStream['kind'];
  media: TrackStream['media'];
  codec: TrackStream['codec'];
  width: number;
  height: number;
  /** Time in the recording at which it begins; a little before 0 where its key frame came early. */
  startUs: number;
}

export interface TrackRecorderParts {
  folder: string;
  /** Where a moment of capture stands in the recording; null where nothing is recorded. */
  timeOf(ptsUs: number): number | null;
  begun(note: TrackNote): void;
  log: Log;
}

interface Open {
  file: TrackFile;
  startUs: number;
  /** What its decoder was told; another one needs another file. */
  configuration: string;
  lastUs: number;
}

/** What a killed server may take with it, together with the sound that waits for its order. */
const FLUSH_MS = 500;
/** A key frame that was asked for and did not come is asked for again. */
const ASK_AGAIN_US = 500_000;
/** More tracks than this in one recording, parts included, are not kept: names and files have a bound. */
const MAX_FILES = 2000;

/**
 * Writes what speakers send, each track into files of its own: a new one whenever somebody comes, or the
 * picture's size or parameters change.
 */
export class TrackRecorder {
  readonly #parts: TrackRecorderParts;
  readonly #open = new Map<TrackStream, Open>();
  readonly #closing = new Set<Promise<void>>();
  readonly #asked = new Map<TrackStream, number>();
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: TrackRecorderParts) {
    this.#parts = parts;
  }

  push(stream: TrackStream, chunk: TrackChunk): void {
    const timeUs = this.#parts.timeOf(chunk.ptsUs);
    if (timeUs === null) return;
    const open = this.#fileFor(stream, chunk, timeUs);
    // Pictures keep the order they were coded in; one that goes back in time has no place.
    if (!open || (stream.media === 'video' && timeUs <= open.lastUs)) return;
    open.lastUs = timeUs;
    const { keyFrame, durationUs, bytes } = chunk;
    open.file.push({ keyFrame, durationUs, bytes, timeUs: Math.max(0, timeUs - open.startUs) });
    this.#timer ??= setInterval(() => this.#flush(), FLUSH_MS).unref();
  }

  /** Writes everything. What comes afterwards begins new files. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const stream of [...this.#open.keys()]) this.#end(stream);
    this.#asked.clear();
    await Promise.all(this.#closing);
  }

  #fileFor(stream: TrackStream, chunk: TrackChunk, timeUs: number): Open | undefined {
    const open = this.#open.get(stream);
    if (stream.media === 'audio') return open ?? this.#begin(stream, chunk, timeUs, '');
    if (!chunk.keyFrame) {
      if (!open) this.#ask(stream, timeUs);
      return open;
    }
    const configuration = configurationOf(stream, chunk);
    if (open && (configuration === null || configuration === open.configuration)) return open;
    if (configuration === null) return undefined;
    this.#end(stream);
    return this.#begin(stream, chunk, timeUs, configuration);
  }

  #begin(stream: TrackStream, chunk: TrackChunk, timeUs: number, configuration: string): Open | undefined {
    if (this.#count >= MAX_FILES) return undefined;
    const { participant, name: person, kind, media, codec } = stream;
    const { width, height } = chunk;
    const name = `track-${++this.#count}-${kind}-${media}.${suffixOf(codec)}`;
    const startUs = Math.round(timeUs);
    const file = new TrackFile(join(this.#parts.folder, name), { media, codec, width, height });
    this.#parts.begun({ name, participant, person, kind, media, codec, width, height, startUs });
    const open = { file, startUs, configuration, lastUs: Number.NEGATIVE_INFINITY };
    this.#open.set(stream, open);
    return open;
  }

  #ask(stream: TrackStream, timeUs: number): void {
    if (timeUs - (this.#asked.get(stream) ?? Number.NEGATIVE_INFINITY) < ASK_AGAIN_US) return;
    this.#asked.set(stream, timeUs);
    stream.keyFrame();
  }

  #end(stream: TrackStream): void {
    const open = this.#open.get(stream);
    if (!open) return;
    this.#open.delete(stream);
    const closing = open.file.close();
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
  }

  #flush(): void {
    for (const [stream, { file }] of this.#open) {
      void file.flush();
      if (file.problem === null) continue;
      const { participant, kind, media } = stream;
      this.#parts.log.error({ participant, kind, media, problem: file.problem }, 'a track is not written');
    }
  }
}

/** What a decoder must be told before this key frame; null when it says nothing. */
function configurationOf({ codec }: TrackStream, { width, height, bytes }: TrackChunk): string | null {
  if (codec !== 'h264') return width > 0 && height > 0 ? `${width}x${height}` : null;
  return avcConfiguration(bytes)?.toString('hex') ?? null;
}
