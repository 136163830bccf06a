import { randomBytes } from 'node:crypto';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Log } from '../log.ts';
import { avcConfiguration } from '../matroska/avc.ts';
import { FRAME_US, SoundGrid } from '../recording/soundGrid.ts';
import type { ProgramChunk } from '../recording/timeline.ts';
import { SOUND_TIMESCALE, soundInit, VIDEO_TIMESCALE, videoInit } from './initSegment.ts';
import { Pictures } from './pictures.ts';
import { Rendition } from './rendition.ts';
import { PART_US } from './slots.ts';
import { AAC_SAMPLES, SoundEncoder } from './soundEncoder.ts';

export interface RunParts {
  ffmpeg: Ffmpeg;
  /** Names the stream in the command line. */
  label: string;
  width: number;
  height: number;
  fps: number;
  soundKbps: number;
  log: Log;
  /** There is more to fetch. */
  changed(): void;
}

/** Of the names of its files, which shall not be guessed from those of another run. */
const NAME_BYTES = 9;

/** A stretch of a stream without a break: it begins with a key frame and keeps one configuration. */
export class Run {
  readonly picture: Rendition;
  readonly sound: Rendition;
  readonly configuration: Buffer;
  readonly #pictures: Pictures;
  readonly #encoder: SoundEncoder;
  readonly #grid = new SoundGrid();
  readonly #originUs: number;
  /** The program's time at which sound begins. */
  #soundUs: number | undefined;

  /** @param first a key frame with parameter sets; the run begins with it, once it is pushed, too */
  constructor(first: ProgramChunk, configuration: Buffer, parts: RunParts) {
    const { width, height, fps, changed } = parts;
    const name = randomBytes(NAME_BYTES).toString('base64url');
    const partS = PART_US / 1e6;
    this.#originUs = first.ptsUs;
    this.configuration = configuration;
    this.#pictures = new Pictures(first.ptsUs);
    const picture = { prefix: `${name}-v`, init: videoInit(configuration, width, height) };
    // A part ends with the last frame that begins in it.
    this.picture = new Rendition(
      { ...picture, timescale: VIDEO_TIMESCALE, partTargetS: partS + 1 / fps },
      changed,
    );
    this.sound = new Rendition(
      {
        ...{ prefix: `${name}-a`, init: soundInit(), timescale: SOUND_TIMESCALE },
        partTargetS: partS + AAC_SAMPLES / SOUND_TIMESCALE,
      },
      changed,
    );
    this.#encoder = new SoundEncoder({
      ...{ ffmpeg: parts.ffmpeg, label: parts.label, kbps: parts.soundKbps, log: parts.log },
      each: (index, bytes) => this.#addSound(index, bytes),
    });
  }

  /** Of the sound encoder. */
  get pid(): number | undefined {
    return this.#encoder.pid;
  }

  /** True once there is a whole segment of both. */
  get playable(): boolean {
    return this.picture.listed.length > 0 && this.sound.listed.length > 0;
  }

  file(name: string): Buffer | undefined {
    return this.picture.file(name) ?? this.sound.file(name);
  }

  /** @returns false when another run has to begin */
  pushVideo(chunk: ProgramChunk): boolean {
    if (chunk.keyFrame && avcConfiguration(chunk.bytes)?.equals(this.configuration) !== true) return false;
    const samples = this.#pictures.push(chunk);
    if (samples) this.picture.add(samples);
    return samples !== null;
  }

  pushAudio(chunk: ProgramChunk): void {
    if (chunk.ptsUs < this.#originUs) return;
    this.#soundUs ??= chunk.ptsUs;
    for (const { timeUs, bytes } of this.#grid.push(chunk.ptsUs - this.#soundUs, chunk.bytes))
      this.#encoder.push(Math.round(timeUs / FRAME_US), bytes);
  }

  close(): void {
    this.#encoder.close();
  }

  #addSound(index: number, bytes: Buffer): void {
    const soundUs = this.#soundUs!;
    const begin = Math.round(((soundUs - this.#originUs) * SOUND_TIMESCALE) / 1e6);
    const time = begin + index * AAC_SAMPLES;
    const ptsUs = soundUs + (index * AAC_SAMPLES * 1e6) / SOUND_TIMESCALE;
    this.sound.add([{ ptsUs, sample: { time, duration: AAC_SAMPLES, sync: true, bytes } }]);
  }
}
