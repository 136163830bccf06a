import { describe, expect, test } from '@jest/globals';
import { Advice, fittingKbps } from '../../../../src/rtc/deliver/advice.ts';

const room = (roomKbps: number | null, source = '720', rungKbps = 2000) => ({ source, rungKbps, roomKbps });
const S = 1_000_000;

test.each([
  [1500, 1800, 1500],
  [300, 1800, 1200],
  [2400, 9000, 2400],
  [5000, 9000, 2500],
  [1500, 2600, 2000],
  [2000, 2000, 2000],
])('from %d to %d kbit/s for a rung of 2,000: %d', (least, most, kbps) => {
  expect(fittingKbps(2000, least, most)).toBe(kbps);
});

describe('news', () => {
  test('is said when nobody can take a rung as it is, and when everybody can take more', () => {
    const advice = new Advice();
    expect(advice.news([room(1500), room(1700)], 0)).toEqual([
      { source: '720', rungKbps: 2000, kbps: 1500, leastKbps: 1500, mostKbps: 1700 },
    ]);
    expect(advice.news([room(3000), room(4000)], 10 * S)).toMatchObject([{ kbps: 2500 }]);
  });

  test('one who knows nothing, or has enough, keeps it as it is', () => {
    const advice = new Advice();
    expect(advice.news([room(1500), room(null)], 0)).toEqual([]);
    expect(advice.news([room(1500), room(2100)], 0)).toEqual([]);
    expect(advice.news([room(null)], 0)).toEqual([]);
    expect(advice.news([], 0)).toEqual([]);
  });

  test('is said once, not for a trifle, not more often than every 3 s, and taken back', () => {
    const advice = new Advice();
    expect(advice.news([room(1500)], 0)).toHaveLength(1);
    expect(advice.news([room(1500)], 9 * S)).toEqual([]);
    expect(advice.news([room(1400)], 9 * S)).toEqual([]);
    expect(advice.news([room(1250)], 9 * S)).toHaveLength(1);
    expect(advice.news([room(1500), room(3000)], 11 * S)).toEqual([]);
    expect(advice.news([room(1500), room(3000)], 12 * S)).toMatchObject([{ kbps: 2000 }]);
  });

  test('a source that ended and came again begins with its own rate', () => {
    const advice = new Advice();
    advice.news([room(1200)], 0);
    advice.forget('720');
    expect(advice.news([room(1200)], 0)).toHaveLength(1);
  });

  test('is said again while it lasts, in case nobody has put it together with what others say', () => {
    const advice = new Advice();
    advice.news([room(1500)], 0);
    expect(advice.news([room(1500)], 14 * S)).toEqual([]);
    expect(advice.news([room(1510)], 15 * S)).toMatchObject([{ kbps: 1510 }]);
    expect(advice.news([room(1510)], 18 * S)).toEqual([]);
    expect(advice.news([room(null)], 20 * S)).toMatchObject([{ kbps: 2000 }]);
    expect(advice.news([room(null)], 60 * S)).toEqual([]);
  });
});
