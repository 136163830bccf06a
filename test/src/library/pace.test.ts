import { describe, expect, test } from '@jest/globals';
import { Pace } from '../../../src/library/pace.ts';

describe('a pace', () => {
  test('is not known before a window has passed', () => {
    const pace = new Pace(1000, 50);
    pace.came(1000, 100);
    expect([pace.kbps(1049), pace.kbps(1050)]).toEqual([null, 8]);
  });

  test('is that of the time just past, whatever was before', () => {
    const pace = new Pace(1000, 0);
    for (let ms = 0; ms < 5000; ms += 10) pace.came(1000, ms);
    expect(pace.kbps(5000)).toBeCloseTo(800, -1.5);
    for (let ms = 5000; ms < 7000; ms += 10) pace.came(10, ms);
    expect(pace.kbps(7000)).toBeCloseTo(8, 0);
    expect(pace.kbps(9000)).toBeLessThan(8);
    expect(pace.kbps(60_000)).toBeLessThan(1);
  });

  test('knows how long nothing has come, from the beginning on', () => {
    const pace = new Pace(1000, 100);
    expect(pace.idleMs(400)).toBe(300);
    pace.came(1, 500);
    expect(pace.idleMs(700)).toBe(200);
  });

  test('remembers a bounded number of points', () => {
    const pace = new Pace(1000, 0);
    const began = performance.now();
    for (let at = 0; at < 200_000; at++) pace.came(1, at / 10);
    expect(pace.kbps(20_000)).toBeCloseTo(80, -1);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
