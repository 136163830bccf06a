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

/** The value of a canvas's `font` with which `text` can be drawn; opens what is not open yet. */
export function fontFor(text: string, weight: 600 | 700, size: number): string {
  openFor(text);
  return `${weight} ${Math.max(1, Math.round(size))}px ${families}, sans-serif`;
}

/** Opens the slices that `text` needs. */
export function openFor(text: string): void {
  for (const [file, family] of lacking(text)) GlobalFonts.registerFromPath(file, family);
}

/** Another thread of this process has opened what `text` needs: fonts are the process's. */
export function noteOpened(text: string): void {
  lacking(text);
}

/** Whether all characters of `text` were looked at before. */
export function isOpen(text: string): boolean {
  for (const character of text) if (!known.has(character.codePointAt(0)!) && isOther(character)) return false;
  return true;
}

/** Files to be opened for `text`, with their families; each is told once. */
function lacking(text: string): [string, string][] {
  const files: [string, string][] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (known.has(code) || !isOther(character)) continue;
    known.add(code);
    for (const [file, family] of filesOf(character, code)) {
      if (opened.has(file)) continue;
      opened.add(file);
      files.push([file, family]);
    }
  }
  return files;
}

const isOther = (character: string) =>
  character.codePointAt(0)! >= FIRST_OF_OTHERS || PICTOGRAPHS.test(character);

function filesOf(character: string, code: number): [string, string][] {
  slices ??= FURTHER.flatMap(slicesOf);
  const slice = slices.find(({ ranges }) => includes(ranges, code));
  const files: [string, string][] = slice === undefined ? [] : [[slice.file, slice.family]];
  if (PICTOGRAPHS.test(character)) files.push([require.resolve('twemoji-colr-font/twemoji.woff2'), EMOJI]);
  return files;
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
