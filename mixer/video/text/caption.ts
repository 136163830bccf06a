import type { SKRSContext2D } from '@napi-rs/canvas';
import { drawOverlay, evenUp, measure } from '../drawing.ts';
import type { Size } from '../fit.ts';
import type { Overlay } from '../overlay.ts';
import { colours } from './colours.ts';
import { ellipsis, oneLine, setFont } from './text.ts';

/** What stands in the lower left corner of a tile. */
export interface Caption {
  name: string;
  /** Second line; '' for none. */
  title: string;
  /** The sign of a switched-off microphone, also without a name. */
  micOff: boolean;
}

/** Tiles lower than this have no room for readable text. */
const MIN_TILE_HEIGHT = 60;
/** Two lines would cover too much of lower ones. */
const MIN_TITLE_HEIGHT = 120;
/** Of the tile's width, at most. */
const WIDEST = 0.72;

/** The name bar. Null when there is nothing to draw, or no room for it. */
export function drawCaption(caption: Caption, tile: Size): Overlay | null {
  if (tile.height < MIN_TILE_HEIGHT) return null;
  const size = Math.max(11, Math.round(tile.height / 19));
  const lines = linesOf(caption, tile, size);
  if (lines.length === 0 && !caption.micOff) return null;
  const pad = Math.round(size * 0.55);
  const sign = caption.micOff ? Math.round(size * 1.15) : 0;
  const room = tile.width * WIDEST - 2 * pad - sign;
  const context = measure();
  const cut = lines.map((line) => {
    setFont(context, line.text, line.weight, line.size);
    const text = ellipsis(context, line.text, room);
    return { ...line, text, width: context.measureText(text).width };
  });
  const widest = Math.max(0, ...cut.map(({ width }) => width));
  const width = evenUp(widest + 2 * pad + (lines.length > 0 ? sign : sign - pad * 0.2));
  const height = evenUp(size * (lines.length > 1 ? 3 : 1.75));
  const margin = captionMargin(tile);
  if (width + 2 * margin > tile.width || height + 2 * margin > tile.height) return null;
  return drawOverlay({ width, height }, (drawing) => {
    drawing.fillStyle = colours.shade;
    drawing.beginPath();
    drawing.roundRect(0, 0, width, height, size * 0.44);
    drawing.fill();
    drawing.textBaseline = 'middle';
    const step = (height - size * 0.5) / Math.max(1, cut.length);
    for (const [index, line] of cut.entries()) {
      setFont(drawing, line.text, line.weight, line.size);
      drawing.fillStyle = line.colour;
      drawing.fillText(line.text, pad + sign, size * 0.25 + step * (index + 0.5));
    }
    if (caption.micOff) drawMicrophoneOff(drawing, pad * 0.7, height / 2 - size / 2, size);
  });
}

function linesOf({ name, title }: Caption, tile: Size, size: number) {
  const lines = [{ text: oneLine(name), weight: 600 as const, size, colour: colours.text as string }];
  if (tile.height >= MIN_TITLE_HEIGHT)
    lines.push({ text: oneLine(title), weight: 600, size: size * 0.78, colour: colours.quiet });
  return lines.filter(({ text }) => text !== '');
}

/** A microphone with a stroke through it, in a square of `size`. */
function drawMicrophoneOff(drawing: SKRSContext2D, x: number, y: number, size: number): void {
  const unit = size / 16;
  drawing.save();
  drawing.translate(x, y);
  drawing.scale(unit, unit);
  drawing.strokeStyle = colours.off;
  drawing.fillStyle = colours.off;
  drawing.lineWidth = 1.6;
  drawing.lineCap = 'round';
  drawing.beginPath();
  drawing.roundRect(6, 2, 4, 7.5, 2);
  drawing.fill();
  drawing.beginPath();
  drawing.arc(8, 7.5, 4.2, 0, Math.PI);
  drawing.moveTo(8, 11.7);
  drawing.lineTo(8, 14);
  drawing.moveTo(2.5, 2.5);
  drawing.lineTo(13.5, 13.5);
  drawing.stroke();
  drawing.restore();
}

/** Pixels between a caption and the edges of its tile, even. */
export const captionMargin = (tile: Size) => Math.round(tile.height / 72) * 2;
