import type { Need } from '../../../src/rooms/need.ts';

export interface Size {
  width: number;
  height: number;
}

/** What of a picture is sent. */
export interface Sending {
  active: boolean;
  maxBitrate: number;
  maxFramerate?: number;
  scaleResolutionDownBy?: number;
}

/** Smaller differences in size are not worth the encoder's effort. */
const WORTHWHILE = 1.05;

/**
 * How a picture of this size is to be sent so that it meets a need and no more.
 * @param need null: nothing was said, so that all of it is sent
 * @param size of what is captured; null while unknown: then it is not scaled
 * @param mostBps never more, whatever is needed
 */
export function sendingOf(need: Need | null, size: Size | null, mostBps: number): Sending {
  if (!need) return { active: true, maxBitrate: mostBps };
  if (!need.active) return { active: false, maxBitrate: mostBps };
  const scale = size ? Math.min(size.width / need.width, size.height / need.height) : 1;
  return {
    active: true,
    maxBitrate: Math.min(mostBps, Math.max(1, need.kbps) * 1000),
    maxFramerate: Math.max(1, need.fps),
    scaleResolutionDownBy: scale >= WORTHWHILE ? scale : 1,
  };
}
