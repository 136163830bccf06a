import { describe, expect, test } from '@jest/globals';
import { createCanvas } from '@napi-rs/canvas';
import { fontFor, isOpen, noteOpened } from '../../../../mixer/video/text/fonts.ts';

/** A character of the private use area, which no font has: what a missing letter looks like. */
const MISSING = '\u{F0123}';

/** The pixels of one letter, drawn white on black. */
function drawn(text: string): Buffer {
  const context = createCanvas(120, 60).getContext('2d');
  context.fillStyle = '#000000';
  context.fillRect(0, 0, 120, 60);
  context.fillStyle = '#ffffff';
  context.font = fontFor(text, 600, 36);
  context.fillText(text, 10, 44);
  return Buffer.from(context.getImageData(0, 0, 120, 60).data.buffer);
}

const ink = (pixels: Buffer) => pixels.filter((value, at) => at % 4 === 0 && value > 128).length;

/** Pixels whose colour is none of the greys between black and white. */
const coloured = (pixels: Buffer) => {
  let count = 0;
  for (let at = 0; at < pixels.length; at += 4) if (Math.abs(pixels[at]! - pixels[at + 2]!) > 40) count++;
  return count;
};

describe.each([
  ['Latin', 'A', 'ß', 'ő'],
  ['Greek and Cyrillic', 'Ω', 'Ж', 'ї'],
  ['Chinese', '李', '龍', '汉'],
  ['Japanese', 'た', 'ナ', '桜'],
  ['Korean', '한', '국', '어'],
  ['Arabic', 'م', 'ح', 'ی'],
  ['Hebrew', 'ש', 'ל', 'ם'],
  ['Devanagari', 'न', 'ह', 'श'],
  ['Thai', 'ก', 'ส', 'ฟ'],
])('%s', (_, ...letters) => {
  test('has letters of its own: each is another picture than a missing one', () => {
    const missing = drawn(MISSING);
    const pictures = letters.map(drawn);
    for (const picture of pictures) {
      expect(picture.equals(missing)).toBe(false);
      expect(ink(picture)).toBeGreaterThan(20);
    }
    expect(pictures[0]!.equals(pictures[1]!)).toBe(false);
    expect(pictures[1]!.equals(pictures[2]!)).toBe(false);
  });
});

test('Arabic letters are joined: beside each other they look different than kept apart', () => {
  const apart = drawn('م\u200cح\u200cم');
  expect(drawn('محم').equals(apart)).toBe(false);
  expect(drawn('A\u200cb').equals(drawn('Ab'))).toBe(true);
});

test('emoji have colours, and those of several characters are one picture', () => {
  for (const emoji of ['😀', '🇩🇪', '❤️', '👩‍👩‍👧‍👦']) expect(coloured(drawn(emoji))).toBeGreaterThan(100);
  expect(drawn('👩‍👩‍👧‍👦').equals(drawn('👩'))).toBe(false);
  expect(coloured(drawn('Ada'))).toBe(0);
});

test('a text is open once another thread has said so, and Latin always is', () => {
  expect(isOpen('Ada Lovelace, Ж Ω ß')).toBe(true);
  const rare = '\u{2A6A5}';
  expect(isOpen(rare)).toBe(false);
  noteOpened(rare);
  expect(isOpen(rare)).toBe(true);
});
