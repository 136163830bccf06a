import { describe, expect, test } from '@jest/globals';
import { toYuv } from '../../../../mixer/video/overlay.ts';
import { drawSlate } from '../../../../mixer/video/text/slate.ts';
import { expectColour, pixelIn } from '../../harness/canvas.ts';
import { brightest, LONG, NAMES, TILE } from './names.ts';

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
