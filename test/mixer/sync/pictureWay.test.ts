import { describe, expect, test } from '@jest/globals';
import { PathDifference } from '../../../mixer/sync/pathDifference.ts';
import { PictureWay } from '../../../mixer/sync/pictureWay.ts';
import { TrackClock } from '../../../mixer/sync/trackClock.ts';

const MS = 1000;
const S = 1e6;

describe('sound waits for pictures', () => {
  /** Pictures for `seconds`, each `delayMs` old when it can be drawn; gives what is wanted of sound, ms. */
  function film(
    way: PictureWay,
    fromUs: number,
    seconds: number,
    delayMs: (index: number) => number,
    soundMs = 40,
  ) {
    for (let index = 0; index < seconds * 30; index++) {
      const nowUs = fromUs + (index * S) / 30;
      way.noteReady(nowUs - delayMs(index) * MS, nowUs);
    }
    return way.wantedUs(soundMs * MS, fromUs + seconds * S) / MS;
  }

  test('not when they are in time, or hardly late', () => {
    expect(film(new PictureWay(), 0, 5, () => 20)).toBe(0);
    expect(film(new PictureWay(), 0, 5, () => 65)).toBe(0);
  });

  test.each([80, 150, 540])('when they take %i ms, until they are 10 ms late', (delayMs) => {
    expect(film(new PictureWay(), 0, 5, () => delayMs)).toBeCloseTo(delayMs - 10, 0);
  });

  test('also when sound has waited already: it does not run ahead again', () => {
    const way = new PictureWay();
    film(way, 0, 5, () => 150);
    expect(film(way, 5 * S, 5, () => 150, 140)).toBeCloseTo(140, 0);
  });

  test('a few that stood in a queue do not count for much', () => {
    const way = new PictureWay();
    film(way, 0, 5, () => 30);
    const burst = film(way, 5 * S, 0.3, () => 1000);
    expect(burst).toBeLessThan(80);
    expect(film(way, 6 * S, 3, () => 30, 60)).toBeLessThan(40);
  });

  test('no longer than 0.8 s, and not for pictures that come no more', () => {
    const way = new PictureWay();
    expect(film(way, 0, 30, () => 3000)).toBe(800);
    expect(way.wantedUs(40 * MS, 36 * S)).toBe(0);
    way.reset();
    expect(way.wantedUs(40 * MS, 30 * S)).toBe(0);
  });
});

describe('the difference of two ways', () => {
  function clocks(audioMs: number, videoMs: number, ntpErrorS = 0): [TrackClock, TrackClock] {
    const audio = new TrackClock(48_000);
    const video = new TrackClock(90_000);
    for (const [clock, ms, errorS] of [
      [audio, audioMs, ntpErrorS],
      [video, videoMs, 0],
    ] as const) {
      clock.noteArrival(clock.unwrap(1000), 10 * S + ms * MS);
      clock.noteReport((3_000_000_000 + errorS) * S, 1000);
    }
    return [audio, video];
  }

  test('is followed without a jump, a fifth of the time that passes', () => {
    const difference = new PathDifference();
    const [audio, video] = clocks(520, 20);
    let before = 0;
    for (let ms = 0; ms <= 2400; ms += 20) {
      difference.follow(audio, video, ms * MS);
      expect(difference.us - before).toBeLessThanOrEqual(4 * MS + 1e-6);
      before = difference.us;
    }
    expect(difference.us / MS).toBeCloseTo(480, 0);
    for (let ms = 2400; ms <= 2600; ms += 20) difference.follow(audio, video, ms * MS);
    expect(difference.us / MS).toBeCloseTo(500, 3);
  });

  test('is what it was while a report is nonsense, or missing', () => {
    const difference = new PathDifference();
    const [audio, video] = clocks(20, 70);
    for (let ms = 0; ms <= 1000; ms += 20) difference.follow(audio, video, ms * MS);
    expect(difference.us / MS).toBeCloseTo(-50, 3);
    const [wrong] = clocks(20, 70, 7200);
    for (let ms = 1000; ms <= 2000; ms += 20) difference.follow(wrong, video, ms * MS);
    for (let ms = 2000; ms <= 3000; ms += 20) difference.follow(new TrackClock(48_000), undefined, ms * MS);
    expect(difference.us / MS).toBeCloseTo(-50, 3);
  });

  test('after a pause of hours is not followed in one go', () => {
    const difference = new PathDifference();
    const [audio, video] = clocks(520, 20);
    difference.follow(audio, video, 0);
    difference.follow(audio, video, 7200 * S);
    expect(difference.us).toBeLessThanOrEqual(20 * MS);
  });
});
