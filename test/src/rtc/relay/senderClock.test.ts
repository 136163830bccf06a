import { expect, test } from '@jest/globals';
import { type SenderClock, SenderTimeline } from '../../../../src/rtc/relay/senderClock.ts';

const NTP_US = 4_000_000_000_000_000;

/** 3 s of 20 ms steps; captured at 0, 20 ms, …, arriving `pathUs` later with some jitter. */
function sent(clock: SenderClock, rate: number, first: number, pathUs: number): void {
  for (let i = 0; i < 150; i++) {
    const jitterUs = (i * 7_919) % 5_000;
    clock.arrived((first + (i * rate) / 50) >>> 0, i * 20_000 + pathUs + jitterUs);
  }
}

function both({ reports }: { reports: boolean }): SenderTimeline {
  const timeline = new SenderTimeline();
  sent(timeline.begin('audio', 48_000), 48_000, 0xffff_ff00, 30_000);
  sent(timeline.begin('video', 90_000), 90_000, 500, 90_000);
  if (!reports) return timeline;
  timeline.reported('audio', { ntpUs: NTP_US, rtpTimestamp: 0xffff_ff00 });
  timeline.reported('video', { ntpUs: NTP_US, rtpTimestamp: 500 });
  return timeline;
}

test('before the reports each stream stands where it arrives, jitter left out', () => {
  const timeline = both({ reports: false });
  expect(timeline.ptsUs('audio', 0xffff_ff00)).toBe(30_000);
  expect(timeline.ptsUs('video', 500 + 90_000)).toBe(1_090_000);
});

test('with reports sound and picture of one moment have one time, that of the quicker path', () => {
  const timeline = both({ reports: true });
  expect(timeline.ptsUs('audio', (0xffff_ff00 + 48_000) >>> 0)).toBeCloseTo(1_030_000, 0);
  expect(timeline.ptsUs('video', 500 + 90_000)).toBeCloseTo(1_030_000, 0);
});

test('absurd reports are not followed', () => {
  const timeline = both({ reports: true });
  timeline.reported('audio', { ntpUs: NTP_US + 3_600e6, rtpTimestamp: 0xffff_ff00 });
  expect(timeline.ptsUs('video', 500)).toBe(90_000);
});

test('a clock that was set back and one that drifts are followed', () => {
  const timeline = new SenderTimeline();
  const clock = timeline.begin('video', 90_000);
  sent(clock, 90_000, 1_000_000, 0);
  clock.arrived(1_000, 3_000_000);
  expect(timeline.ptsUs('video', 1_000)).toBeCloseTo(3_000_000, 0);
  for (let i = 1; i <= 600; i++) clock.arrived(1_000 + i * 9_000, 3_000_000 + i * 100_500);
  expect(Math.abs(timeline.ptsUs('video', 1_000 + 600 * 9_000) - (3_000_000 + 600 * 100_500))).toBeLessThan(
    100_500,
  );
});
