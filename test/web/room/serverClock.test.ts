import { expect, test } from '@jest/globals';
import { ServerClock } from '../../../web/src/room/serverClock.ts';

test('the server’s clock is followed from when it was last heard, whatever one’s own says', () => {
  let elapsedMs = 500;
  const clock = new ServerClock(() => elapsedMs, 7);
  expect(clock.nowMs()).toBe(7);
  clock.hear(1_000_000);
  elapsedMs += 2500;
  expect(clock.nowMs()).toBe(1_002_500);
  clock.hear(900_000);
  elapsedMs += 10;
  expect(clock.nowMs()).toBe(900_010);
});
