import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GlobalFonts } from '@napi-rs/canvas';

/**
 * The fonts that come along, so that a name looks the same on every machine. Latin, Greek and Cyrillic
 * are there from the start. Other scripts come in slices of a few hundred characters, and only those that
 * a text needs are opened: all of them would take a third of a second, in which nothing is mixed.
 */

const require = createRequire(import.meta.url);
const LATIN = 'Rostrum Sans';
const EMOJI = 'Rostrum Emoji';
const FURTHER = ['arabic', 'hebrew', 'devanagari', 'thai', 'kr', 'sc'] as const;

/** Below this everything is in the first font. */
const FIRST_OF_OTHERS = 0x0530;
const PICTOGRAPHS = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
/** Slices that hold what the first font has. */
const KNOWN_ALREADY = /latin|cyrillic|greek|vietnamese/;

interface Slice {
  file: string;
  family: string;
  /** First and last code points, pair by pair. */
  ranges: number[];
}

for (const file of ['600SemiBold/Inter_600SemiBold.ttf', '700Bold/Inter_700Bold.ttf'])
  GlobalFonts.registerFromPath(require.resolve(`@expo-google-fonts/inter/${file}`), LATIN);

const familyOf = (script: string) => `Rostrum ${script}`;
const families = [LATIN, ...FURTHER.map(familyOf), EMOJI].map((name) => `"${name}"`).join(', ');
const opened = new Set<string>();
const known = new Set<number>();
let slices: Slice[] | undefined;

/** The value of a canvas's `font` with which `text` can be drawn. */
export function fontFor(text: string, weight: 600 | 700, size: number): string {
  for (const character of text) prepare(character);
  return `${weight} ${Math.max(1, Math.round(size))}px ${families}, sans-serif`;
}

function prepare(character: string): void {
  const code = character.codePointAt(0)!;
  if (PICTOGRAPHS.test(character)) open(EMOJI, () => require.resolve('twemoji-colr-font/twemoji.woff2'));
  if (code < FIRST_OF_OTHERS || known.has(code)) return;
  known.add(code);
  slices ??= FURTHER.flatMap(slicesOf);
  const slice = slices.find(({ ranges }) => includes(ranges, code));
  if (slice !== undefined) open(slice.family, () => slice.file);
}

function open(family: string, path: () => string): void {
  const file = path();
  if (opened.has(file)) return;
  opened.add(file);
  GlobalFonts.registerFromPath(file, family);
}

function slicesOf(script: (typeof FURTHER)[number]): Slice[] {
  const name = `noto-sans-${script}`;
  const folder = dirname(require.resolve(`@fontsource-variable/${name}/package.json`));
  const table = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Record<string, string>;
  return Object.entries(table)
    .filter(([key]) => !KNOWN_ALREADY.test(key))
    .map(([key, ranges]) => ({
      file: join(folder, 'files', `${name}-${key.replace(/[[\]]/g, '')}-wght-normal.woff2`),
      family: familyOf(script),
      ranges: ranges.split(',').flatMap(rangeOf),
    }));
}

/** `U+0600-06FF` or `U+204F`. */
function rangeOf(text: string): [number, number] {
  const [first, last] = text
    .slice(2)
    .split('-')
    .map((hex) => Number.parseInt(hex, 16));
  return [first!, last ?? first!];
}

function includes(ranges: number[], code: number): boolean {
  for (let at = 0; at < ranges.length; at += 2)
    if (code >= ranges[at]! && code <= ranges[at + 1]!) return true;
  return false;
}
