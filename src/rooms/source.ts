/**
 * One camera or screen of one person, and what can be said of it from its packets alone.
 * Times are arguments, in milliseconds of one monotonic clock.
 */

export type SourceKind = 'camera' | 'screen' | 'media';
export type TileState = 'live' | 'off' | 'poor' | 'reconnecting';

/** Silence after which the last picture is shown dimmed. */
export const POOR_AFTER_MS = 2_000;
/** Silence after which the avatar stands in for the picture. */
export const RECONNECTING_AFTER_MS = 10_000;
/** Silence after which the source has left. */
export const GONE_AFTER_MS = 30_000;

/** Which of the two media something is true of. */
export interface PerMedia {
  audio: boolean;
  video: boolean;
}

export class Source {
  readonly participant: string;
  readonly kind: SourceKind;
  /** What the publisher negotiated. */
  readonly offered: PerMedia;
  readonly #heardMs = { audio: Number.NEGATIVE_INFINITY, video: Number.NEGATIVE_INFINITY };
  /** Its sender was told that no picture is needed. */
  #picturePaused = false;
  /** Since when packets may be expected: the start, or the last time something was switched. */
  #expectedSinceMs: number;

  constructor(participant: string, kind: SourceKind, offered: PerMedia, nowMs: number) {
    this.participant = participant;
    this.kind = kind;
    this.offered = offered;
    this.#expectedSinceMs = nowMs;
  }

  /** An RTP packet came. Returns true when it ends a silence that the tile's state may have shown. */
  heard(media: 'audio' | 'video', nowMs: number): boolean {
    const silentMs = nowMs - this.#heardMs[media];
    this.#heardMs[media] = nowMs;
    return silentMs >= POOR_AFTER_MS;
  }

  /** A switch was turned: silence up to now has been asked for and does not count. */
  switched(nowMs: number): void {
    this.#expectedSinceMs = nowMs;
  }

  /** No picture is needed for now, so that none may come, or one is again. */
  pausePicture(paused: boolean, nowMs: number): void {
    if (paused === this.#picturePaused) return;
    this.#picturePaused = paused;
    this.switched(nowMs);
  }

  /**
   * What the tile shows. `off` only by signal; before the first picture `reconnecting`.
   * @param wanted what the person has switched on
   */
  state(wanted: PerMedia, nowMs: number): TileState {
    if (!this.offered.video || !wanted.video) return 'off';
    const silentMs = nowMs - this.#heardMs.video;
    if (silentMs < POOR_AFTER_MS) return 'live';
    return silentMs < RECONNECTING_AFTER_MS ? 'poor' : 'reconnecting';
  }

  /** Milliseconds without any packet although some were expected; 0 while everything is switched off. */
  silentMs(wanted: PerMedia, nowMs: number): number {
    const picture = this.offered.video && wanted.video && !this.#picturePaused;
    const expected = picture || (this.offered.audio && wanted.audio);
    if (!expected) return 0;
    return nowMs - Math.max(this.#expectedSinceMs, this.#heardMs.audio, this.#heardMs.video);
  }

  /** True when the source has been silent for so long that it has left. */
  gone(wanted: PerMedia, nowMs: number): boolean {
    return this.silentMs(wanted, nowMs) >= GONE_AFTER_MS;
  }
}
