import { drawOverlay, evenUp, measure } from '../drawing.ts';
import type { Size } from '../fit.ts';
import type { Overlay } from '../overlay.ts';
import { colours } from './colours.ts';
import { setFont } from './text.ts';

/** The sign of a poor connection, for the upper right corner of a tile: bars, most of them empty. */
export function drawPoorSign(tile: Size): Overlay | null {
  if (tile.height < 60 || tile.width < 60) return null;
  const size = evenUp(Math.max(16, tile.height / 12));
  return drawOverlay({ width: size, height: size }, (drawing) => {
    drawing.fillStyle = colours.shade;
    drawing.beginPath();
    drawing.roundRect(0, 0, size, size, size / 4);
    drawing.fill();
    const unit = size / 16;
    for (let bar = 0; bar < 4; bar++) {
      drawing.fillStyle = bar === 0 ? colours.warning : 'rgba(244, 246, 250, 0.3)';
      const height = (bar + 1) * 2.2 * unit;
      drawing.fillRect((3 + bar * 2.7) * unit, 12.5 * unit - height, 1.9 * unit, height);
    }
  });
}

/** How many more are on stage than can be seen. */
export function drawOverflow(count: number, area: Size): Overlay {
  const { width, height } = area;
  return drawOverlay(area, (drawing) => {
    drawing.fillStyle = colours.card;
    drawing.beginPath();
    drawing.roundRect(0, 0, width, height, Math.min(width, height) / 10);
    drawing.fill();
    drawing.textAlign = 'center';
    drawing.textBaseline = 'middle';
    drawing.fillStyle = colours.text;
    const text = `+${count}`;
    const context = measure();
    const wanted = Math.min(height, width) * 0.42;
    setFont(context, text, 700, wanted);
    const size = Math.min(wanted, (wanted * width * 0.86) / context.measureText(text).width);
    setFont(drawing, text, 700, size);
    drawing.fillText(text, width / 2, height / 2);
  });
}
