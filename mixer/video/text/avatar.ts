import { drawPlanes } from '../drawing.ts';
import type { Size } from '../fit.ts';
import type { Planes } from '../planes.ts';
import { colours } from './colours.ts';
import { initials, setFont } from './text.ts';

const DISCS = ['#3b6fd4', '#2f8f6b', '#a8553a', '#7a52c7', '#b0476f', '#3c8a9e', '#8a7a2c', '#5a6bb5'];

/** What stands in a tile without a picture: initials on a disc, `note` below them. */
export function drawAvatar(name: string, tile: Size, note: string): Planes {
  return drawPlanes(tile, (drawing) => {
    drawing.fillStyle = colours.card;
    drawing.fillRect(0, 0, tile.width, tile.height);
    const radius = Math.min(tile.width, tile.height) * 0.24;
    const centre = { x: tile.width / 2, y: tile.height * 0.47 };
    drawing.fillStyle = DISCS[hash(name) % DISCS.length]!;
    drawing.beginPath();
    drawing.arc(centre.x, centre.y, radius, 0, 2 * Math.PI);
    drawing.fill();
    drawing.textAlign = 'center';
    drawing.textBaseline = 'middle';
    drawing.fillStyle = colours.text;
    const letters = initials(name);
    setFont(drawing, letters, 700, radius * 0.8);
    drawing.fillText(letters, centre.x, centre.y);
    if (note === '' || tile.height < 120) return;
    drawing.fillStyle = colours.quiet;
    setFont(drawing, note, 600, Math.max(11, tile.height / 22));
    drawing.fillText(note, centre.x, tile.height * 0.82);
  });
}

function hash(text: string): number {
  let value = 7;
  for (const character of text) value = (value * 31 + character.codePointAt(0)!) >>> 0;
  return value;
}
