import type { SceneStyle } from '../protocol/control.ts';
import { toYuv } from './overlay.ts';
import type { Yuv } from './planes.ts';

/** A style on a canvas of a certain height: lengths in even pixels. */
export interface Look {
  background: Yuv;
  backgroundImage: string | null;
  radius: number;
  border: number;
  borderColour: Yuv;
  /** Frame of who speaks; null for none. */
  speakingColour: Yuv | null;
  /** Width of that frame: the border's, where there is one wide enough to be seen. */
  speakingWidth: number;
}

/** Of the canvas height; wider ones would hide the picture. */
const MAX_RADIUS = 0.25;
const MAX_BORDER = 0.05;

/** Of the canvas height, where tiles have no border of their own. */
const SPEAKING_WIDTH = 1 / 180;

const DEFAULT_BACKGROUND: Yuv = { y: 27, u: 130, v: 127 };

export function lookOf(style: SceneStyle | undefined, canvasHeight: number): Look {
  const pixels = (fraction: number, limit: number) =>
    Math.round((Math.min(limit, Math.max(0, fraction || 0)) * canvasHeight) / 2) * 2;
  const border = pixels(style?.border ?? 0, MAX_BORDER);
  return {
    background: colourOf(style?.background) ?? DEFAULT_BACKGROUND,
    backgroundImage: style?.backgroundImage ?? null,
    radius: pixels(style?.radius ?? 0, MAX_RADIUS),
    border,
    borderColour: colourOf(style?.borderColor) ?? DEFAULT_BACKGROUND,
    speakingColour: colourOf(style?.speakingColor ?? undefined) ?? null,
    speakingWidth: Math.max(2, border, pixels(SPEAKING_WIDTH, MAX_BORDER)),
  };
}

/** `#rrggbb`; undefined for anything else. */
function colourOf(text: string | undefined): Yuv | undefined {
  const digits = /^#([0-9a-f]{6})$/i.exec(text ?? '')?.[1];
  if (digits === undefined) return undefined;
  const value = Number.parseInt(digits, 16);
  return toYuv(value >> 16, (value >> 8) & 0xff, value & 0xff);
}
