import { describe, expect, test } from '@jest/globals';
import { toYuv } from '../../../../mixer/video/overlay.ts';
import { drawAvatar } from '../../../../mixer/video/text/avatar.ts';
import { expectColour, pixelIn } from '../../harness/canvas.ts';
import { brightest, NAMES, TILE } from './names.ts';

const CARD = toYuv(0x1f, 0x24, 0x2e);

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
