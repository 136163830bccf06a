import type { SKRSContext2D } from '@napi-rs/canvas';
import { drawOverlay, evenUp, measure } from '../drawing.ts';
import type { Size } from '../fit.ts';
import { colours } from '../text/colours.ts';
import { ellipsis, oneLine, setFont, wrap } from '../text/text.ts';
import type { Graphic } from './graphic.ts';
import { Still } from './still.ts';

interface Line {
  text: string;
  /** Of a poll's answer, 0..1; null for a line of text. */
  share: number | null;
}

/** Of the canvas. */
const WIDTH = 0.42;
const HIGHEST = 0.8;
const MAX_LINES = 10;

/** A poll or a question, on the right. */
export function card(title: string, lines: Line[], canvas: Size): Graphic {
  const size = canvas.height / 26;
  const pad = size;
  const width = evenUp(canvas.width * WIDTH);
  const room = width - 2 * pad;
  const context = measure();
  const heading = oneLine(title);
  setFont(context, heading, 700, size);
  const headings = heading === '' ? [] : wrap(context, heading, room, 3);
  const step = size * 1.8;
  const most = Math.floor((canvas.height * HIGHEST - 2 * pad - headings.length * size * 1.35) / step);
  const shown = lines.slice(0, Math.max(0, Math.min(MAX_LINES, most)));
  const height = evenUp(
    2 * pad + headings.length * size * 1.35 + shown.length * step - (shown.length > 0 ? size * 0.4 : 0),
  );
  const overlay = drawOverlay({ width, height }, (drawing) => {
    drawing.fillStyle = colours.panel;
    drawing.beginPath();
    drawing.roundRect(0, 0, width, height, size / 2);
    drawing.fill();
    drawing.textBaseline = 'middle';
    let y = pad;
    for (const text of headings) {
      setFont(drawing, text, 700, size);
      drawing.fillStyle = colours.text;
      drawing.fillText(text, pad, y + size * 0.6);
      y += size * 1.35;
    }
    for (const line of shown) {
      drawLine(drawing, line, { x: pad, y: y + size * 0.2, width: room, height: size * 1.4 }, size);
      y += step;
    }
  });
  const even = (value: number) => Math.round(value / 2) * 2;
  return new Still(overlay, {
    x: canvas.width - width - even(canvas.width * 0.04),
    y: even((canvas.height - height) / 2),
  });
}

function drawLine(
  drawing: SKRSContext2D,
  { text, share }: Line,
  box: { x: number; y: number; width: number; height: number },
  size: number,
): void {
  const small = size * 0.78;
  const middle = box.y + box.height / 2;
  let room = box.width;
  let x = box.x;
  if (share !== null) {
    const part = Math.min(1, Math.max(0, share || 0));
    bar(drawing, box, 1, 'rgba(244, 246, 250, 0.12)');
    if (part > 0) bar(drawing, box, part, colours.accent);
    const percent = `${Math.round(part * 100)} %`;
    setFont(drawing, percent, 700, small);
    drawing.fillStyle = colours.text;
    drawing.textAlign = 'right';
    drawing.fillText(percent, box.x + box.width - small * 0.5, middle);
    drawing.textAlign = 'left';
    room -= small * 4.5;
    x += small * 0.5;
  }
  const line = oneLine(text);
  setFont(drawing, line, 600, small);
  drawing.fillStyle = colours.text;
  drawing.fillText(ellipsis(drawing, line, room), x, middle);
}

function bar(
  drawing: SKRSContext2D,
  box: { x: number; y: number; width: number; height: number },
  share: number,
  colour: string,
): void {
  drawing.fillStyle = colour;
  drawing.beginPath();
  drawing.roundRect(box.x, box.y, Math.max(box.height / 4, box.width * share), box.height, box.height / 5);
  drawing.fill();
}
