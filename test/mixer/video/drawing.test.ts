import { describe, expect, test } from '@jest/globals';
import { captionMargin, drawAvatar, drawCaption, drawSlate, initials } from '../../../mixer/video/drawing.ts';
import { toYuv } from '../../../mixer/video/overlay.ts';
import type { Planes } from '../../../mixer/video/planes.ts';
import { expectColour, pixelIn } from '../harness/canvas.ts';
import { Random } from '../harness/random.ts';

const TILE = { width: 640, height: 360 };
const LONG = 'Wolfeschlegelsteinhausenbergerdorff the Third of Philadelphia, Pennsylvania';
const NAMES = [
  'Ada',
  LONG,
  'W'.repeat(10_000),
  '李小龍',
  'محمد بن سلمان آل سعود',
  '👩‍👩‍👧‍👦👩‍👩‍👧‍👦 Family',
  'Z̸̡̛͚̃a̶̢͗l̵̰̄g̷̰̈o̶͇͑',
  '\u202eevil\u202c',
  '<img src=x onerror=alert(1)>',
  '%{localtime}\\n\'"',
  '\ud800 lone surrogate',
  '\u001b[31mred',
];

describe('initials', () => {
  test.each([
    ['Ada Lovelace', 'AL'],
    ['ada', 'A'],
    ['  Jean  Luc   Picard ', 'JP'],
    ['Ёлка иванова', 'ЁИ'],
    ['李 小龍', '李小'],
    ['محمد علي', 'مع'],
    ['नेहा शर्मा', 'नेश'],
    ['e\u0301mile zola', 'E\u0301Z'],
    ['👩‍👩‍👧‍👦 Family', '👩‍👩‍👧‍👦F'],
    ['🇩🇪', '🇩🇪'],
    ['Ada\nLovelace', 'AL'],
    ['Ada\u2028\u0000Lovelace', 'AL'],
    ['', '?'],
    [' \u0000\n\t', '?'],
  ])('of %j are %s', (name, letters) => {
    expect(initials(name)).toBe(letters);
  });
});

describe('a caption', () => {
  test('never is wider than its tile, nor higher, whatever the name and the tile', () => {
    const random = new Random(1);
    let drawn = 0;
    for (let round = 0; round < 200; round++) {
      const tile = { width: 2 + 2 * random.below(500), height: 2 + 2 * random.below(360) };
      const caption = drawCaption(random.pick(NAMES), tile);
      if (caption === null) continue;
      drawn++;
      const { width, height } = caption.planes;
      expect(width % 2 === 0 && height % 2 === 0).toBe(true);
      expect(width + 2 * captionMargin(tile)).toBeLessThanOrEqual(tile.width);
      expect(height + 2 * captionMargin(tile)).toBeLessThanOrEqual(tile.height);
    }
    expect(drawn).toBeGreaterThan(50);
  });

  test('of a long name uses its room and ends in an ellipsis', () => {
    const caption = drawCaption(LONG, TILE)!;
    expect(caption.planes.width).toBeGreaterThan(TILE.width * 0.6);
    expect(caption.planes.width).toBeLessThan(TILE.width * 0.74);
    // What was cut off does not matter any more, so it must look the same.
    expect(drawCaption(`${LONG} and of New York`, TILE)!.planes.y.equals(caption.planes.y)).toBe(true);
    expect(drawCaption(`X${LONG}`, TILE)!.planes.y.equals(caption.planes.y)).toBe(false);
  });

  test('of a short name is as narrow as the name, bright on dark', () => {
    const caption = drawCaption('Ada', TILE)!;
    expect(caption.planes.width).toBeLessThan(90);
    expect(Math.max(...caption.planes.y)).toBeGreaterThan(200);
    const middle = caption.alpha[(caption.planes.height >> 1) * caption.planes.width + 2]!;
    expect(middle).toBeGreaterThan(140);
    expect(middle).toBeLessThan(180);
  });

  test('takes control characters and line breaks for blanks', () => {
    const plain = drawCaption('Ada Lovelace', TILE)!;
    for (const name of ['Ada\nLovelace', 'Ada\u0000\u0007\u2029Lovelace', '\tAda   Lovelace\r\n']) {
      expect(drawCaption(name, TILE)!.planes.y.equals(plain.planes.y)).toBe(true);
    }
  });

  test('is not drawn without a name or on a tile too small to read it', () => {
    expect(drawCaption(' \n\u0000', TILE)).toBeNull();
    expect(drawCaption('Ada', { width: 100, height: 58 })).toBeNull();
    expect(drawCaption('Ada', { width: 30, height: 720 })).toBeNull();
  });
});

const CARD = toYuv(0x1f, 0x24, 0x2e);
const brightest = (planes: Planes, fromRow: number, toRow: number) =>
  planes.y
    .subarray(
      Math.floor(fromRow * planes.height) * planes.width,
      Math.floor(toRow * planes.height) * planes.width,
    )
    .reduce((a, b) => Math.max(a, b), 0);

describe('an avatar', () => {
  test('shows bright initials on a coloured disc on a dark card', () => {
    const avatar = drawAvatar('Ada Lovelace', TILE, '');
    expect([avatar.width, avatar.height]).toEqual([640, 360]);
    for (const [x, y] of [
      [0.01, 0.01],
      [0.99, 0.99],
      [0.2, 0.5],
    ] as const)
      expectColour(pixelIn(avatar, x, y), CARD, 1);
    const disc = pixelIn(avatar, 0.5, 0.27);
    expect(Math.abs(disc.u - CARD.u) + Math.abs(disc.v - CARD.v)).toBeGreaterThan(12);
    expect(brightest(avatar, 0.4, 0.55)).toBeGreaterThan(210);
    expect(brightest(avatar, 0.75, 0.95)).toBe(CARD.y);
  });

  test('says why there is no picture', () => {
    expect(brightest(drawAvatar('Ada', TILE, 'Reconnecting…'), 0.75, 0.95)).toBeGreaterThan(120);
    expect(brightest(drawAvatar('Ada', { width: 160, height: 90 }, 'Reconnecting…'), 0.75, 0.95)).toBe(
      CARD.y,
    );
  });

  test('keeps one colour for one name, and names differ', () => {
    const colour = (name: string) => JSON.stringify(pixelIn(drawAvatar(name, TILE, ''), 0.5, 0.27));
    expect(colour('Ada')).toBe(colour('Ada'));
    expect(new Set(['Ada', 'Bob', 'Cleo', 'Dan', 'Eve'].map(colour)).size).toBeGreaterThan(1);
  });

  test('can be drawn for every name and any size', () => {
    for (const name of [...NAMES, ''])
      expect(drawAvatar(name, { width: 64, height: 48 }, 'x').y).toHaveLength(3072);
    for (const size of [
      { width: 2, height: 2 },
      { width: 2, height: 720 },
      { width: 1280, height: 2 },
    ]) {
      expect(drawAvatar('Ada', size, 'Reconnecting…').y).toHaveLength(size.width * size.height);
    }
  });
});

describe('the slate', () => {
  const background = toYuv(0x14, 0x17, 0x1d);

  test('shows a title and a line below it on a dark ground', () => {
    const slate = drawSlate('Rostrum', 'Waiting for speakers', TILE);
    expectColour(pixelIn(slate, 0.02, 0.02), background, 1);
    expect(brightest(slate, 0.4, 0.5)).toBeGreaterThan(220);
    expect(brightest(slate, 0.53, 0.6)).toBeGreaterThan(130);
    expect(brightest(slate, 0.7, 1)).toBe(background.y);
  });

  test('is empty without text, and keeps long text inside', () => {
    expect(brightest(drawSlate('', '', TILE), 0, 1)).toBe(background.y);
    const slate = drawSlate(LONG.repeat(4), NAMES.join(' '), TILE);
    for (let y = 0.3; y < 0.7; y += 0.01) {
      expectColour(pixelIn(slate, 0.03, y), background, 1);
      expectColour(pixelIn(slate, 0.97, y), background, 1);
    }
  });
});
