import type { SKRSContext2D } from '@napi-rs/canvas';
import { fontFor } from './fonts.ts';

/** Longest text that is looked at; what is beyond could not be read anyway. */
const LONGEST = 400;

/** Control characters and runs of white space become one blank; a text is never more than a line. */
export function oneLine(text: string, longest = LONGEST): string {
  return text
    .slice(0, longest)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}

/** Sets a font that has all characters of `text`. */
export function setFont(context: SKRSContext2D, text: string, weight: 600 | 700, size: number): void {
  context.font = fontFor(text, weight, size);
}

/** As much of `text` as fits into `room` pixels in the font that is set, with an ellipsis when it was cut. */
export function ellipsis(context: SKRSContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  const graphemes = graphemesOf(text);
  let low = 0;
  let high = graphemes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (context.measureText(`${graphemes.slice(0, middle).join('')}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return `${graphemes.slice(0, low).join('').trimEnd()}…`;
}

/** At most `count` lines of at most `room` pixels, broken at blanks where there are any. */
export function wrap(context: SKRSContext2D, text: string, room: number, count: number): string[] {
  const lines: string[] = [];
  let words = text.split(' ').filter(Boolean);
  while (words.length > 0 && lines.length < count - 1) {
    const taken = fitting(context, words, room);
    lines.push(ellipsis(context, words.slice(0, taken).join(' '), room));
    words = words.slice(taken);
  }
  if (words.length > 0) lines.push(ellipsis(context, words.join(' '), room));
  return lines;
}

function fitting(context: SKRSContext2D, words: string[], room: number): number {
  let taken = 1;
  while (taken < words.length && context.measureText(words.slice(0, taken + 1).join(' ')).width <= room)
    taken++;
  return taken;
}

/** First letters of the first and last word, whatever the script. */
export function initials(name: string): string {
  const words = oneLine(name).split(' ').filter(Boolean);
  if (words.length === 0) return '?';
  const letters = words.length === 1 ? [words[0]!] : [words[0]!, words[words.length - 1]!];
  return letters.map((word) => (graphemesOf(word)[0] ?? '').toLocaleUpperCase()).join('');
}

function graphemesOf(text: string): string[] {
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
}
