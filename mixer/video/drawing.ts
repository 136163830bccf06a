import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import type { Size } from './fit.ts';
import { type Overlay, overlayFromRgba } from './overlay.ts';
import type { Planes } from './planes.ts';

/** Everything drawn as text: once per change, never per picture. */

const FAMILY = 'Rostrum Sans';
const BACKGROUND = '#14171d';
const CARD = '#1f242e';
const TEXT = '#f4f6fa';
const QUIET = '#9aa4b5';
const AVATAR_COLOURS = [
  '#3b6fd4',
  '#2f8f6b',
  '#a8553a',
  '#7a52c7',
  '#b0476f',
  '#3c8a9e',
  '#8a7a2c',
  '#5a6bb5',
];

const require = createRequire(import.meta.url);
for (const file of ['600SemiBold/Inter_600SemiBold.ttf', '700Bold/Inter_700Bold.ttf']) {
  GlobalFonts.registerFromPath(require.resolve(`@expo-google-fonts/inter/${file}`), FAMILY);
}

/** The name in the tile's lower left corner. Null when there is no name to draw, or no room for it. */
export function drawCaption(name: string, tile: Size): Overlay | null {
  const text = oneLine(name);
  if (text === '' || tile.height < 60) return null;
  const size = Math.max(11, Math.round(tile.height / 19));
  const pad = Math.round(size * 0.55);
  const context = createCanvas(8, 8).getContext('2d');
  setFont(context, 600, size);
  const shown = ellipsis(context, text, tile.width * 0.72 - 2 * pad);
  const width = evenUp(context.measureText(shown).width + 2 * pad);
  if (width + 2 * captionMargin(tile) > tile.width) return null;
  const height = evenUp(size * 1.75);
  const canvas = createCanvas(width, height);
  const drawing = canvas.getContext('2d');
  drawing.fillStyle = 'rgba(12, 14, 18, 0.62)';
  drawing.beginPath();
  drawing.roundRect(0, 0, width, height, height / 4);
  drawing.fill();
  setFont(drawing, 600, size);
  drawing.fillStyle = TEXT;
  drawing.textBaseline = 'middle';
  drawing.fillText(shown, pad, height / 2);
  return overlayFromRgba(drawing.getImageData(0, 0, width, height).data, width, height);
}

/** Pixels between a caption and the edges of its tile, even. */
export const captionMargin = (tile: Size) => Math.round(tile.height / 72) * 2;

/** What stands in a tile without a picture: initials on a disc, `note` below them. */
export function drawAvatar(name: string, tile: Size, note: string): Planes {
  const canvas = createCanvas(tile.width, tile.height);
  const drawing = canvas.getContext('2d');
  drawing.fillStyle = CARD;
  drawing.fillRect(0, 0, tile.width, tile.height);
  const radius = Math.min(tile.width, tile.height) * 0.24;
  const centre = { x: tile.width / 2, y: tile.height * 0.47 };
  drawing.fillStyle = AVATAR_COLOURS[hash(name) % AVATAR_COLOURS.length]!;
  drawing.beginPath();
  drawing.arc(centre.x, centre.y, radius, 0, 2 * Math.PI);
  drawing.fill();
  drawing.textAlign = 'center';
  drawing.textBaseline = 'middle';
  drawing.fillStyle = TEXT;
  setFont(drawing, 700, radius * 0.8);
  drawing.fillText(initials(name), centre.x, centre.y);
  if (note !== '' && tile.height >= 120) {
    drawing.fillStyle = QUIET;
    setFont(drawing, 600, Math.max(11, tile.height / 22));
    drawing.fillText(note, centre.x, tile.height * 0.82);
  }
  return opaque(drawing, tile);
}

/** What viewers see while nobody is on stage. */
export function drawSlate(title: string, text: string, canvasSize: Size): Planes {
  const { width, height } = canvasSize;
  const drawing = createCanvas(width, height).getContext('2d');
  drawing.fillStyle = BACKGROUND;
  drawing.fillRect(0, 0, width, height);
  drawing.textAlign = 'center';
  drawing.textBaseline = 'middle';
  drawing.fillStyle = TEXT;
  setFont(drawing, 700, height / 13);
  drawing.fillText(ellipsis(drawing, oneLine(title), width * 0.86), width / 2, height * 0.45);
  drawing.fillStyle = QUIET;
  setFont(drawing, 600, height / 26);
  drawing.fillText(ellipsis(drawing, oneLine(text), width * 0.86), width / 2, height * 0.56);
  return opaque(drawing, canvasSize);
}

/** First letters of the first and last word, whatever the script. */
export function initials(name: string): string {
  const words = oneLine(name).split(' ').filter(Boolean);
  if (words.length === 0) return '?';
  const letters = words.length === 1 ? [words[0]!] : [words[0]!, words[words.length - 1]!];
  return letters.map((word) => firstGrapheme(word).toLocaleUpperCase()).join('');
}

function firstGrapheme(word: string): string {
  for (const { segment } of new Intl.Segmenter().segment(word)) return segment;
  return '';
}

/** Control characters and runs of white space become one blank; a name is never more than a line. */
function oneLine(text: string): string {
  return text
    .slice(0, 400)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}

function ellipsis(context: SKRSContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  const graphemes = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  let low = 0;
  let high = graphemes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (context.measureText(`${graphemes.slice(0, middle).join('')}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return `${graphemes.slice(0, low).join('').trimEnd()}…`;
}

function setFont(context: SKRSContext2D, weight: number, size: number): void {
  context.font = `${weight} ${Math.round(size)}px "${FAMILY}", sans-serif`;
}

function opaque(context: SKRSContext2D, size: Size): Planes {
  return overlayFromRgba(context.getImageData(0, 0, size.width, size.height).data, size.width, size.height)
    .planes;
}

const evenUp = (value: number) => Math.ceil(value / 2) * 2;

function hash(text: string): number {
  let value = 7;
  for (const character of text) value = (value * 31 + character.codePointAt(0)!) >>> 0;
  return value;
}
