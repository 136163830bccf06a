import type { PixelRect } from './fit.ts';
import { OPAQUE } from './opacity.ts';

/** Where a tile is on its way from one scene to the next, and how much of it is seen. */
export interface Pose {
  rect: PixelRect;
  /** 0..256 */
  opacity: number;
}

/**
 * A movement with an end: slow at first and at last, fast between. Positions are even pixels, so that
 * chroma moves along with luma.
 */
export class Motion {
  readonly #from: Pose;
  readonly to: Pose;
  readonly #startUs: number;
  readonly #durationUs: number;

  constructor(from: Pose, to: Pose, startUs: number, durationUs: number) {
    this.#from = from;
    this.to = to;
    this.#startUs = startUs;
    this.#durationUs = durationUs;
  }

  over(nowUs: number): boolean {
    return nowUs >= this.#startUs + this.#durationUs;
  }

  at(nowUs: number): Pose {
    const share = this.#durationUs > 0 ? (nowUs - this.#startUs) / this.#durationUs : 1;
    if (share >= 1) return this.to;
    const eased = ease(Math.max(0, share));
    const between = (from: number, to: number) => from + (to - from) * eased;
    const [from, to] = [this.#from.rect, this.to.rect];
    const [x, right] = edges(between(from.x, to.x), between(from.width, to.width));
    const [y, bottom] = edges(between(from.y, to.y), between(from.height, to.height));
    return {
      rect: { x, y, width: right - x, height: bottom - y },
      opacity: Math.round(between(this.#from.opacity, this.to.opacity)),
    };
  }
}

/** Cubic, in and out. */
export const ease = (share: number): number => (share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2);

function edges(start: number, length: number): [number, number] {
  const from = Math.round(start / 2) * 2;
  return [from, Math.max(from + 2, Math.round((start + length) / 2) * 2)];
}

export const samePose = (a: Pose, b: Pose): boolean => a.opacity === b.opacity && sameRect(a.rect, b.rect);

export const sameRect = (a: PixelRect, b: PixelRect): boolean =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;

export const shown = (rect: PixelRect): Pose => ({ rect, opacity: OPAQUE });
export const hidden = (rect: PixelRect): Pose => ({ rect, opacity: 0 });
