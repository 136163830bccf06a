import { describe, expect, test } from '@jest/globals';
import { TrackClock } from '../../../mixer/sync/trackClock.ts';
import { Random } from '../harness/random.ts';

const S = 1e6;

describe.each([48_000, 90_000])('an RTP clock of %i Hz', (rate) => {
  test('maps its timestamps to the sender by the last report, also over the wrap', () => {
    const clock = new TrackClock(rate);
    const ticks = clock.unwrap(2 ** 32 - rate);
    expect(clock.ntpUs(ticks)).toBeUndefined();
    clock.noteReport(1000 * S, 2 ** 32 - rate / 2);
    expect(clock.ntpUs(ticks)).toBeCloseTo(999.5 * S, 3);
    expect(clock.ntpUs(clock.unwrap(rate))).toBeCloseTo(1001.5 * S, 3);
  });

  test('a report before the first packet counts', () => {
    const clock = new TrackClock(rate);
    clock.noteReport(1000 * S, 2 ** 32 - rate);
    expect(clock.ntpUs(clock.unwrap(rate))).toBeCloseTo(1002 * S, 3);
  });

  test('without reports time is that of the quickest packet', () => {
    const random = new Random(rate);
    const clock = new TrackClock(rate);
    for (let i = 0; i < 400; i++) {
      const ticks = clock.unwrap(Math.round(i * rate * 0.02) % 2 ** 32);
      clock.noteArrival(ticks, 7 * S + i * 20_000 + (i % 10 === 3 ? 0 : random.below(150_000)));
      if (i > 3) expect(clock.localUsByArrival(ticks)).toBeCloseTo(7 * S + i * 20_000, -2);
    }
  });

  test('the clock set back is followed at once', () => {
    const clock = new TrackClock(rate);
    clock.noteArrival(clock.unwrap(rate * 4000), 10 * S);
    const ticks = clock.unwrap(rate * 400);
    clock.noteArrival(ticks, 11 * S);
    expect(clock.localUsByArrival(ticks)).toBeCloseTo(11 * S, 0);
  });

  test('reports with random timestamps never disturb the packets', () => {
    const random = new Random(9);
    const clock = new TrackClock(rate);
    const first = clock.unwrap(1000);
    for (let i = 1; i < 500; i++) {
      clock.noteReport(i * S, random.below(2 ** 32));
      expect(clock.unwrap(1000 + i * 960)).toBe(first + i * 960);
    }
  });
});
