import { expect, test } from '@jest/globals';
import { StillPace } from '../../../mixer/video/stillPace.ts';

const TICK_US = 1e6 / 30;

/** Pictures taken in each second. */
function perSecond(pace: StillPace, seconds: number, changes: (tick: number) => boolean, from = 0): number[] {
  return Array.from({ length: seconds }, (_, second) => {
    let taken = 0;
    for (let i = 0; i < 30; i++) {
      const tick = from + second * 30 + i;
      if (pace.takes(changes(tick), tick * TICK_US)) taken++;
    }
    return taken;
  });
}

test('a canvas that moves is taken at its whole rate', () => {
  expect(perSecond(new StillPace(30), 5, () => true)).toEqual([30, 30, 30, 30, 30]);
  expect(perSecond(new StillPace(30), 5, (tick) => tick % 15 === 0)).toEqual([30, 30, 30, 30, 30]);
});

test('a still one goes down to 15, then to 7.5 a second, and no further', () => {
  const [first, second, third, ...rest] = perSecond(new StillPace(30), 60, (tick) => tick === 0);
  expect(first).toBe(30);
  expect([second, third]).toEqual([15, 15]);
  for (const taken of rest) expect(taken === 7 || taken === 8).toBe(true);
});

test('the first change is taken at once, and the whole rate with it', () => {
  const pace = new StillPace(30);
  perSecond(pace, 10, (tick) => tick === 0);
  expect(pace.takes(true, 10.01e6)).toBe(true);
  expect(perSecond(pace, 1, () => false, 301)).toEqual([30]);
});

test('the longest pause is 134 ms', () => {
  const pace = new StillPace(30);
  let last = 0;
  let longest = 0;
  for (let tick = 0; tick < 3000; tick++) {
    if (!pace.takes(tick === 0, tick * TICK_US)) continue;
    longest = Math.max(longest, tick - last);
    last = tick;
  }
  expect(longest).toBe(4);
});

test.each([5, 10, 15, 25, 30, 50, 60])('of %i a second never less than 7.5 are taken, or all', (fps) => {
  const pace = new StillPace(fps);
  const taken = Array.from({ length: 60 * fps }, (_, tick) => pace.takes(tick === 0, (tick * 1e6) / fps));
  const lastly = taken.slice(-40 * fps).filter(Boolean).length / 40;
  expect(lastly).toBeGreaterThanOrEqual(Math.min(fps, 7.5) - 0.05);
  expect(lastly).toBeLessThanOrEqual(15);
});
