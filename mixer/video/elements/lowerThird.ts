import { drawOverlay, evenUp, measure } from '../drawing.ts';
import type { Size } from '../fit.ts';
import { colours } from '../text/colours.ts';
import { ellipsis, oneLine, setFont } from '../text/text.ts';
import type { Graphic } from './graphic.ts';
import { Still } from './still.ts';

/** Of the canvas width. */
const WIDEST = 0.6;

/** Who somebody is, in two lines in the lower left. Null without a text. */
export function lowerThird(title: string, subtitle: string, canvas: Size): Graphic | null {
  const size = canvas.height / 20;
  const pad = Math.round(size * 0.7);
  const room = canvas.width * WIDEST - 2 * pad;
  const lines = [
    { text: oneLine(title), weight: 700 as const, size, colour: colours.text as string },
    { text: oneLine(subtitle), weight: 600 as const, size: size * 0.66, colour: colours.quiet },
  ].filter(({ text }) => text !== '');
  if (lines.length === 0) return null;
  const context = measure();
  const cut = lines.map((line) => {
    setFont(context, line.text, line.weight, line.size);
    const text = ellipsis(context, line.text, room);
    return { ...line, text, width: context.measureText(text).width };
  });
  const width = evenUp(Math.max(...cut.map((line) => line.width)) + 2 * pad);
  const height = evenUp(cut.reduce((sum, line) => sum + line.size * 1.35, pad));
  const overlay = drawOverlay({ width, height }, (drawing) => {
    drawing.fillStyle = colours.panel;
    drawing.beginPath();
    drawing.roundRect(0, 0, width, height, pad / 2);
    drawing.fill();
    drawing.fillStyle = colours.accent;
    drawing.beginPath();
    drawing.roundRect(0, 0, pad * 0.3, height, [pad / 2, 0, 0, pad / 2]);
    drawing.fill();
    drawing.textBaseline = 'middle';
    let y = pad / 2;
    for (const line of cut) {
      setFont(drawing, line.text, line.weight, line.size);
      drawing.fillStyle = line.colour;
      drawing.fillText(line.text, pad, y + line.size * 0.68);
      y += line.size * 1.35;
    }
  });
  const even = (value: number) => Math.round(value / 2) * 2;
  return new Still(overlay, { x: even(canvas.width * 0.05), y: even(canvas.height * 0.9) - height });
}
