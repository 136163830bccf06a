import type { Frame } from 'node-av/lib';
import type { Size } from '../video/fit.ts';
import { MediaFile } from './mediaFile.ts';
import { PictureLine, type SlottedPicture } from './pictureLine.ts';
import { PictureShaper } from './pictureShaper.ts';
import { Resampler } from './resampler.ts';
import { turnsOf } from './rotation.ts';
import { SoundLine } from './soundLine.ts';
import { StreamDecoder } from './streamDecoder.ts';

/** Sound decoded ahead of what has been heard. */
const SOUND_AHEAD_US = 400_000;

/** Decoders of sound need some of it before they are right (RFC 7845 4.6; MP3's bit reservoir). */
const PREROLL_US = 200_000;

/** A file shorter than this is not worth looping, and would keep the thread busy for nothing. */
const SHORTEST_LOOP_US = 20_000;

export interface PlaybackSettings {
  path: string;
  canvas: Size;
  maxPixels: number;
  memory: SharedArrayBuffer;
}

/** What a playback gives; times are on its timeline, which begins where the last seek went. */
export interface PlaybackEvents {
  picture(picture: SlottedPicture): void;
  /** Interleaved stereo that follows what came before. */
  sound(samples: Float32Array): void;
  /** From `fromUs` on, the timeline is this much ahead of the file's own: it plays once more. */
  looped(fromUs: number, offsetUs: number): void;
  /** There is nothing more. */
  ended(endUs: number): void;
}

/**
 * Plays a file into its owner's hands, a step at a time: pictures as far as there are slots, sound a little
 * ahead of what is heard. It keeps no time itself.
 */
export class Playback {
  readonly #file: MediaFile;
  readonly #events: PlaybackEvents;
  readonly #shaper: PictureShaper;
  readonly #resampler = new Resampler();
  readonly #pictures: StreamDecoder | undefined;
  readonly #sound: StreamDecoder | undefined;
  readonly #pictureLine: PictureLine;
  readonly #soundLine = new SoundLine((samples) => this.#events.sound(samples));
  #picturesEnded = false;
  #soundEnded = false;
  #ended = false;
  #heardUs = 0;
  /** The timeline less the file's own. */
  #offsetUs = 0;
  /** Frames since it was opened. */
  #decoded = 0;
  loop = false;

  /** @throws Error when it cannot be played, which says why */
  constructor({ path, canvas, maxPixels, memory }: PlaybackSettings, events: PlaybackEvents) {
    this.#events = events;
    this.#file = new MediaFile(path);
    const { pictures: seen } = this.#file;
    this.#shaper = new PictureShaper(canvas, seen && turnsOf(seen.stream));
    this.#pictureLine = new PictureLine(memory, this.#shaper, (picture) => events.picture(picture));
    try {
      const { pictures, sound } = this.#file;
      checkSize(pictures?.stream.codecpar ?? { width: 0, height: 0 }, maxPixels);
      this.#pictures = pictures && new StreamDecoder(this.#file, pictures, maxPixels);
      this.#sound = sound && new StreamDecoder(this.#file, sound, maxPixels);
      if (!pictures && !sound) throw new Error('there are neither pictures nor sound in it');
    } catch (error) {
      this.close();
      throw error;
    }
    this.#restart(0);
  }

  get hasPictures(): boolean {
    return this.#pictures !== undefined;
  }

  get hasSound(): boolean {
    return this.#sound !== undefined;
  }

  /** One picture, which has no end. */
  get still(): boolean {
    return this.#file.format.still;
  }

  get durationUs(): number | null {
    return this.#file.durationUs;
  }

  /** What comes from now on begins at `us` of the file. */
  seek(us: number): void {
    const { durationUs } = this.#file;
    const targetUs = Math.max(0, durationUs === null ? us : Math.min(us, durationUs));
    this.#offsetUs = 0;
    this.#rewind(targetUs);
    this.#restart(targetUs);
  }

  /** Up to where sound has been heard: more is made. */
  heard(us: number): void {
    this.#heardUs = us;
  }

  /** A picture's slot may be used again. */
  release(slot: number): void {
    this.#pictureLine.release(slot);
  }

  /**
   * Does a little. False when there is nothing to do for now.
   * @throws Error when nothing at all could be decoded
   */
  step(): boolean {
    if (this.#ended) return this.loop && !this.still && this.#again(this.#endUs);
    if (this.#stepSound() || this.#stepPictures()) return true;
    return this.#finish();
  }

  close(): void {
    this.#pictures?.close();
    this.#sound?.close();
    this.#resampler.reset();
    this.#pictureLine.close();
    this.#shaper.close();
    this.#file.close();
  }

  get #endUs(): number {
    return Math.max(this.#sound ? this.#soundLine.endUs : 0, this.#pictures ? this.#pictureLine.endUs : 0);
  }

  #stepSound(): boolean {
    const line = this.#soundLine;
    if (!this.#sound || line.endUs - this.#heardUs >= SOUND_AHEAD_US) return false;
    if (line.pending) {
      line.advance();
      return true;
    }
    if (this.#soundEnded) return this.#padSound();
    const done = this.#sound.step((frame, us) => this.#takeSound(frame, us));
    this.#soundEnded = done === 'end';
    // Sound that lies far behind its pictures in the file: they go on without it.
    if (done === 'starved') return this.#padSound();
    return true;
  }

  /** Silence, as long as there are pictures. */
  #padSound(): boolean {
    const beforeUs = this.#soundLine.endUs;
    if (this.#pictures) this.#soundLine.pad(this.#pictureLine.endUs);
    return this.#soundLine.endUs > beforeUs;
  }

  #stepPictures(): boolean {
    if (!this.#pictures || this.#picturesEnded || !this.#pictureLine.wanting) return false;
    const done = this.#pictures.step((frame, us, durationUs) => {
      this.#decoded++;
      this.#pictureLine.push(frame, us + this.#offsetUs, durationUs);
    });
    this.#picturesEnded = done === 'end' || (this.still && this.#decoded > 0);
    if (this.#picturesEnded) this.#pictureLine.finish();
    return done !== 'starved';
  }

  #takeSound(frame: Frame, fileUs: number): void {
    const samples = this.#resampler.convert(frame);
    if (samples === null) return;
    this.#decoded++;
    this.#soundLine.push(samples, fileUs + this.#offsetUs);
  }

  /** At the end of both streams. */
  #finish(): boolean {
    const picturesDone = !this.#pictures || (this.#picturesEnded && this.#pictureLine.empty);
    const soundDone = !this.#sound || (this.#soundEnded && !this.#soundLine.pending);
    if (!picturesDone || !soundDone) return false;
    if (this.#sound && this.#soundLine.endUs < this.#endUs - 1000) return false;
    if (this.#decoded === 0) throw new Error('nothing of it can be decoded');
    const endUs = this.#endUs;
    if (this.loop && !this.still && this.#again(endUs)) return true;
    this.#ended = true;
    if (!this.still) this.#events.ended(endUs);
    return false;
  }

  /** Plays from the start once more. */
  #again(endUs: number): boolean {
    if (endUs - this.#offsetUs < SHORTEST_LOOP_US) return false;
    this.#ended = false;
    this.#offsetUs = endUs;
    this.#rewind(0);
    this.#events.looped(endUs, endUs);
    return true;
  }

  #rewind(us: number): void {
    if (!this.#file.seek(Math.max(0, us - PREROLL_US))) throw new Error('it cannot be sought in');
    this.#pictures?.flush();
    this.#sound?.flush();
    this.#resampler.reset();
    this.#picturesEnded = false;
    this.#soundEnded = false;
  }

  #restart(us: number): void {
    this.#ended = false;
    this.#heardUs = us;
    this.#soundLine.begin(us);
    this.#pictureLine.begin(us);
  }
}

function checkSize({ width, height }: Size, maxPixels: number): void {
  if (width * height > maxPixels)
    throw new Error(`${width}×${height} is not within the limit of ${maxPixels} pixels`);
}
