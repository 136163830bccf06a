import type { PixelRect } from '../fit.ts';
import type { Planes } from '../planes.ts';

/** When something is drawn: on the monotonic clock, and in ms since 1970 for what counts down to a time. */
export interface Moment {
  nowUs: number;
  wallMs: number;
}

/** Something that lies over the tiles: drawn once, blended where it stands. */
export interface Graphic {
  /** The part of the canvas that it may touch: even numbers, within the canvas. */
  readonly area: PixelRect;
  /** Nothing can be seen through it. */
  readonly opaque: boolean;
  /** Brings it up to date. True when it looks different from before. */
  advance(moment: Moment): boolean;
  /** @param opacity 0..256 */
  draw(canvas: Planes, clip: PixelRect, opacity: number): void;
}
