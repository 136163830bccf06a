import { expect, test } from '@jest/globals';
import { TickPhase } from '../../../mixer/video/tickPhase.ts';
import { Random } from '../harness/random.ts';

const PERIOD_US = 1e6 / 30;

/** Cameras that tick evenly, each with its own phase, drift and jitter; a canvas that is moved as it is told. */
function run(cameras: { phaseUs: number; ppm?: number; jitterUs?: number }[], seconds: number): number[][] {
  const phase = new TickPhase(PERIOD_US);
  const random = new Random(5);
  const lates: number[][] = cameras.map(() => []);
  let tickUs = 1e6;
  for (let tick = 0; tick < seconds * 30; tick++) {
    for (const [index, { phaseUs, ppm = 0, jitterUs = 0 }] of cameras.entries()) {
      const dueUs = phaseUs + tick * PERIOD_US * (1 + ppm / 1e6) + jitterUs * (random.fraction() - 0.5);
      const lateUs = tickUs - dueUs;
      const within = lateUs - Math.round(lateUs / PERIOD_US) * PERIOD_US;
      phase.note(within);
      lates[index]!.push(within);
    }
    tickUs += PERIOD_US + phase.takeShiftUs();
  }
  return lates.map((each) => each.slice(-90));
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test.each([1_000, 9_000, 16_000, 20_000, 30_000])('one camera, %p µs after us: on time soon', (phaseUs) => {
  const [lates] = run([{ phaseUs, jitterUs: 6_000 }], 6);
  expect(Math.abs(mean(lates!))).toBeLessThan(2_500);
});

test('a camera whose clock is 200 ppm fast is followed', () => {
  const [lates] = run([{ phaseUs: 12_000, ppm: -200 }], 120);
  expect(Math.abs(mean(lates!))).toBeLessThan(2_500);
});

test('two are met in the middle', () => {
  const [one, other] = run([{ phaseUs: 10_000 }, { phaseUs: 18_000 }], 8);
  expect(Math.abs(mean(one!) + mean(other!))).toBeLessThan(5_000);
  expect(Math.abs(mean(one!))).toBeLessThan(7_000);
});

test('of many at any time none is preferred: ticks stay as they are', () => {
  const phase = new TickPhase(PERIOD_US);
  for (let camera = 0; camera < 600; camera++) {
    phase.note(((camera % 12) / 12) * PERIOD_US);
    expect(phase.takeShiftUs()).toBe(0);
  }
});

test('a tick is moved by 200 µs at most, and not at all once it is near', () => {
  const phase = new TickPhase(PERIOD_US);
  const shifts = [];
  for (let lateUs = 10_000, tick = 0; tick < 300; tick++) {
    phase.note(lateUs);
    const shiftUs = phase.takeShiftUs();
    shifts.push(shiftUs);
    lateUs += shiftUs;
  }
  expect(Math.max(...shifts.map(Math.abs))).toBeLessThanOrEqual(200);
  expect(shifts.slice(-100)).toEqual(new Array(100).fill(0));
});
