import { describe, expect, test } from '@jest/globals';
import type { Rung } from '../../../../src/rtc/contract.ts';
import { costOf, extraOf, rungsOf, shareOut } from '../../../../src/rtc/deliver/ladder.ts';
import { seeded } from '../random.ts';

const rung = (height: number, kbps: number): Rung => ({ source: String(height), height, kbps });
const ladder = [rung(720, 2000), rung(360, 600), rung(180, 180)];
const one = [rung(720, 1500)];

describe('rungs of a feed', () => {
  test('are of the first codec that both have', () => {
    const h264 = [rung(720, 1800)];
    expect(rungsOf({ vp8: ladder, h264 }, ['h264', 'vp8'], null)).toBe(h264);
    expect(rungsOf({ vp8: ladder }, ['h264', 'vp8'], null)).toBe(ladder);
    expect(rungsOf({ vp8: [], h264 }, ['vp8', 'h264'], null)).toBe(h264);
    expect(rungsOf({ h264 }, ['vp8'], null)).toEqual([]);
    expect(rungsOf(null, ['vp8'], null)).toEqual([]);
  });

  test.each<[number | null, number[]]>([
    [null, [720, 360, 180]],
    [720, [720, 360, 180]],
    [719, [360, 180]],
    [200, [180]],
    [100, [180]],
    [0, []],
  ])('within a limit of %p', (limit, heights) => {
    expect(rungsOf({ vp8: ladder }, ['vp8'], limit).map(({ height }) => height)).toEqual(heights);
  });
});

describe('shares of a downlink', () => {
  test.each([
    [Number.POSITIVE_INFINITY, 0],
    [2200, 0],
    [2000, 1],
    [400, 2],
    [100, 3],
    [0, 3],
    [-50, 3],
  ])('one ladder with %d kbit/s', (kbps, chosen) => {
    expect(shareOut([ladder], kbps)).toEqual([chosen]);
  });

  test('all have something before anybody has more; the first ones have more', () => {
    expect(shareOut([ladder, ladder], 400)).toEqual([2, 2]);
    expect(shareOut([ladder, ladder], 1000)).toEqual([1, 2]);
    expect(shareOut([one, one, one], 3300)).toEqual([0, 0, 1]);
    expect(shareOut([one, ladder], 700)).toEqual([1, 1]);
    expect(shareOut([[], ladder], 400)).toEqual([0, 2]);
  });

  test('never more than there is, and nothing that fits is left out', () => {
    const random = seeded(5);
    for (let round = 0; round < 500; round++) {
      const ladders = Array.from({ length: 1 + Math.floor(random() * 5) }, () =>
        random() < 0.3 ? one : random() < 0.2 ? [] : ladder,
      );
      const kbps = random() * 6000;
      const chosen = shareOut(ladders, kbps);
      const spent = ladders.reduce((sum, rungs, i) => sum + costOf(rungs[chosen[i]!]), 0);
      expect(spent).toBeLessThanOrEqual(kbps + 0.001);
      for (const [i, rungs] of ladders.entries()) {
        const extra = extraOf(rungs, chosen[i]!);
        if (extra !== undefined) expect(spent + extra).toBeGreaterThan(kbps);
      }
    }
  });
});
