import type { SlottedPicture } from './pictureLine.ts';
import { Playback, type PlaybackSettings } from './playback.ts';

/** What the mixer's main thread asks of the thread that decodes a file; see `mediaThread.ts`. */
export type ToMediaThread =
  | ({ type: 'open' } & PlaybackSettings)
  /** What comes under an older number is no longer wanted. */
  | { type: 'seek'; generation: number; us: number }
  | { type: 'loop'; on: boolean }
  /** Slots that may be used again, and up to where sound has been heard, of this generation. */
  | { type: 'taken'; generation: number; slots: number[]; heardUs: number };

export type FromMediaThread =
  | { type: 'opened'; durationUs: number | null; pictures: boolean; sound: boolean; still: boolean }
  | ({ type: 'picture'; generation: number } & SlottedPicture)
  | { type: 'sound'; generation: number; samples: Float32Array }
  | { type: 'looped'; generation: number; fromUs: number; offsetUs: number }
  | { type: 'ended'; generation: number; endUs: number }
  /** As much as is wanted for now has been decoded. */
  | { type: 'ready'; generation: number }
  | { type: 'failed'; detail: string };

/** The decoding side of one file: takes requests, and works a little whenever it is let. */
export class MediaDesk {
  readonly #post: (message: FromMediaThread) => void;
  #playback: Playback | undefined;
  #generation = 0;
  #isReady = true;

  constructor(post: (message: FromMediaThread) => void) {
    this.#post = post;
  }

  handle(message: ToMediaThread): void {
    this.#attempt(() => {
      if (message.type === 'open') this.#open(message);
      else if (this.#playback !== undefined) this.#change(this.#playback, message);
      this.#isReady = false;
    });
  }

  /** Does a little. False when there is nothing to do until it is asked for more. */
  work(): boolean {
    let isMore = false;
    this.#attempt(() => {
      isMore = this.#playback?.step() ?? false;
      if (isMore || this.#isReady || this.#playback === undefined) return;
      this.#isReady = true;
      this.#post({ type: 'ready', generation: this.#generation });
    });
    return isMore;
  }

  close(): void {
    this.#playback?.close();
    this.#playback = undefined;
  }

  #open(settings: PlaybackSettings): void {
    const post = this.#post;
    this.#playback = new Playback(settings, {
      picture: (picture) => post({ type: 'picture', generation: this.#generation, ...picture }),
      sound: (samples) => post({ type: 'sound', generation: this.#generation, samples }),
      looped: (fromUs, offsetUs) => post({ type: 'looped', generation: this.#generation, fromUs, offsetUs }),
      ended: (endUs) => post({ type: 'ended', generation: this.#generation, endUs }),
    });
    const { durationUs, hasPictures: pictures, hasSound: sound, still } = this.#playback;
    post({ type: 'opened', durationUs, pictures, sound, still });
  }

  #change(playback: Playback, message: Exclude<ToMediaThread, { type: 'open' }>): void {
    if (message.type === 'loop') playback.loop = message.on;
    else if (message.type === 'seek') {
      this.#generation = message.generation;
      playback.seek(message.us);
    } else {
      if (message.generation === this.#generation) playback.heard(message.heardUs);
      for (const slot of message.slots) playback.release(slot);
    }
  }

  /** Nothing more comes after a failure. */
  #attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.close();
      this.#post({ type: 'failed', detail: (error as Error).message });
    }
  }
}
