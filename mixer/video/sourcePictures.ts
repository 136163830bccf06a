import type { Frame } from 'node-av/lib';
import { giveFrame } from './framePool.ts';
import type { TickPhase } from './tickPhase.ts';
import type { TimedPicture } from './videoTrack.ts';

/** A source's newest picture that was due. */
export interface SourcePicture {
  frame: Frame;
  /** Another one for each picture. */
  version: number;
  /** When its last packet came. */
  arrivalUs: number;
  /** Nothing could be decoded for so long that the picture is no longer worth showing. */
  broken: boolean;
}

/** What pictures come from: a speaker's track, or anything else that has one due at a time. */
export interface PictureSource {
  /** The newest picture that is due, `aheadUs` early at most; null when there is no newer one than before. */
  due(nowUs: number, aheadUs: number): TimedPicture | null;
  /** Since when nothing could be decoded; undefined while all is well. */
  readonly brokenSinceUs: number | undefined;
  /** Decodes what has come since the last call; `between` is called after each picture. */
  decode(nowUs: number, between: () => void): void;
}

/** A picture older than this, of a stream that cannot be decoded, gives way to the avatar. */
const BROKEN_UNTIL_AVATAR_US = 1_000_000;

/** A picture is not counted on sooner after its last packet: the next one may come so much later. */
const SPARE_US = 6_000;

/**
 * Each source's newest picture, kept while the source lives: decoded once, however many tiles and
 * programs show it, and there at once for a new scene.
 */
export class SourcePictures {
  readonly #pictures = new Map<string, SourcePicture>();
  readonly #phase: TickPhase | undefined;
  #version = 0;

  /** @param phase hears how far from their moments pictures are taken */
  constructor(phase?: TickPhase) {
    this.#phase = phase;
  }

  /** Takes what is due at `nowUs`, `aheadUs` early at most. */
  advance(nowUs: number, tracks: ReadonlyMap<string, Omit<PictureSource, 'decode'>>, aheadUs = 0): void {
    for (const [key, track] of tracks) {
      const next = track.due(nowUs, aheadUs);
      const before = this.#pictures.get(key);
      if (next !== null) {
        if (before !== undefined) giveFrame(before.frame);
        const version = ++this.#version;
        if (next.dueUs !== undefined)
          this.#phase?.note(nowUs - Math.max(next.dueUs, next.arrivalUs + SPARE_US));
        this.#pictures.set(key, { frame: next.frame, version, arrivalUs: next.arrivalUs, broken: false });
      } else if (before !== undefined) {
        before.broken =
          track.brokenSinceUs !== undefined && nowUs - track.brokenSinceUs > BROKEN_UNTIL_AVATAR_US;
      }
    }
  }

  get(key: string): SourcePicture | undefined {
    return this.#pictures.get(key);
  }

  /** Forgets a source that has ended. */
  drop(key: string): void {
    const picture = this.#pictures.get(key);
    if (picture !== undefined) giveFrame(picture.frame);
    this.#pictures.delete(key);
  }

  close(): void {
    for (const key of [...this.#pictures.keys()]) this.drop(key);
  }
}
