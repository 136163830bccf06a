import type { Frame } from 'node-av/lib';
import { giveFrame } from './framePool.ts';
import type { VideoTrack } from './videoTrack.ts';

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

/** A picture older than this, of a stream that cannot be decoded, gives way to the avatar. */
const BROKEN_UNTIL_AVATAR_US = 1_000_000;

/**
 * Each source's newest picture, kept while the source lives: decoded once, however many tiles and
 * programs show it, and there at once for a new scene.
 */
export class SourcePictures {
  readonly #pictures = new Map<string, SourcePicture>();
  #version = 0;

  /** Takes what is due at `nowUs`, `aheadUs` early at most. */
  advance(nowUs: number, tracks: ReadonlyMap<string, VideoTrack>, aheadUs = 0): void {
    for (const [key, track] of tracks) {
      const next = track.due(nowUs, aheadUs);
      const before = this.#pictures.get(key);
      if (next !== null) {
        if (before !== undefined) giveFrame(before.frame);
        const version = ++this.#version;
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
