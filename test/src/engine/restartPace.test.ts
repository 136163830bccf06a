import { expect, test } from '@jest/globals';
import { RestartPace } from '../../../src/engine/restartPace.ts';

test('the first restart is at once, further early deaths wait longer and longer', () => {
  const pace = new RestartPace();
  const pauses = Array.from({ length: 8 }, () => pace.pauseMs(100));
  expect(pauses).toEqual([0, 250, 500, 1000, 2000, 4000, 5000, 5000]);
});

test('a long life makes good for earlier deaths', () => {
  const pace = new RestartPace();
  for (let i = 0; i < 5; i++) pace.pauseMs(100);
  expect(pace.pauseMs(10_000)).toBe(0);
  expect(pace.pauseMs(9_999)).toBe(250);
});
