/** What a tile needs of the one who fills it, so that nobody sends, and nobody decodes, what is not seen. */

export interface Need {
  /** False: nothing of the picture is seen, it need not be sent. */
  active: boolean;
  /** Of the picture, in pixels; larger ones are scaled down. */
  width: number;
  height: number;
  fps: number;
  /** Bit rate at which that looks good. */
  kbps: number;
}

/** Heights a camera is asked for, with the rate each needs at 30 pictures a second. */
const steps = [
  { height: 180, kbps: 250 },
  { height: 270, kbps: 450 },
  { height: 360, kbps: 800 },
  { height: 540, kbps: 1_400 },
  { height: 720, kbps: 2_200 },
  { height: 1080, kbps: 4_500 },
  { height: 1440, kbps: 7_000 },
  { height: 2160, kbps: 12_000 },
] as const;

/** A tile that is larger than a step by less than this looks as good with it. */
const TOLERANCE = 1.05;
/** Text must be sharp: screens are never asked for less than this. */
const LEAST_SCREEN = 720;
/** Cameras and screens are taken to be of this shape. */
const ASPECT = 16 / 9;

/** In which size one of the two kinds is seen; null where it is not. */
export interface Seen {
  kind: 'camera' | 'screen' | 'media';
  /** Pixels of the tile. */
  size: { w: number; h: number };
  fit: 'cover' | 'contain';
}

/** What is needed for all the tiles somebody fills together. */
export function needOf(seen: readonly Seen[], fps: number, mostKbps: number): Need {
  const heights = seen.map(({ kind, size, fit }) => {
    const byWidth = size.w / ASPECT;
    const height = fit === 'cover' ? Math.max(size.h, byWidth) : Math.min(size.h, byWidth);
    return kind === 'screen' ? Math.max(LEAST_SCREEN, height) : height;
  });
  return needOfHeight(Math.max(0, ...heights), fps, mostKbps);
}

/** Somebody who may be seen at any moment, in no more than the least size. */
export const needInReserve = (fps: number, mostKbps: number): Need => needOfHeight(0, fps, mostKbps);

/** Nothing of them is seen or will be without a word before. */
export const noNeed: Need = { active: false, width: 0, height: 0, fps: 0, kbps: 0 };

export function needOfHeight(wanted: number, fps: number, mostKbps: number): Need {
  const { height, kbps } = steps.find((step) => step.height * TOLERANCE >= wanted) ?? steps.at(-1)!;
  const rate = kbps * (fps > 30 ? 1.4 : 1);
  const width = Math.round((height * ASPECT) / 2) * 2;
  return { active: true, width, height, fps, kbps: Math.min(Math.round(rate), mostKbps) };
}

/** True when `one` asks for anything more than `other`. */
export const asksMore = (one: Need, other: Need): boolean =>
  one.height > other.height || one.fps > other.fps || one.kbps > other.kbps || (one.active && !other.active);
