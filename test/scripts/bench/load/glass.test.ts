import { describe, expect, test } from '@jest/globals';
import { drawCounter } from '../../../../scripts/bench/clips/counter.ts';
import { ageUs, GlassSampler, type SpeakerClock } from '../../../../scripts/bench/load/glass.ts';

const FRAME_US = 1e6 / 30;

/** As a stage lets them in: one second of the clip apart, each with a camera that ticks at its own moment. */
const speakers: SpeakerClock[] = Array.from({ length: 8 }, (_, speaker) => ({
  startUs: 5e6 + speaker * 4_000,
  firstPicture: speaker * 30,
  pictures: 360,
  fps: 30,
}));

/** The number in the picture that `speaker` sends as its `count`th, and when. */
function sent(speaker: number, count: number): { stamp: number; dueUs: number } {
  const { startUs, firstPicture, pictures } = speakers[speaker]!;
  return { stamp: (firstPicture + count) % pictures, dueUs: startUs + count * FRAME_US };
}

describe('the age of a picture', () => {
  test.each([0, 3, 7])('is told whoever sent it (speaker %i), over the end of the clip', (speaker) => {
    for (const count of [0, 1, 359, 360, 1000]) {
      const { stamp, dueUs } = sent(speaker, count);
      expect(ageUs(stamp, speakers, dueUs + 80_000)).toBeCloseTo(80_000, -1);
    }
  });

  test('is unknown of what nobody can have sent', () => {
    const { stamp, dueUs } = sent(0, 100);
    expect(ageUs(stamp + 5, speakers.slice(0, 1), dueUs)).toBeNull();
    expect(ageUs(stamp, speakers.slice(0, 1), dueUs + 1_100_000)).toBeNull();
  });
});

test('each new picture of each place counts once', () => {
  const size = { width: 2560, height: 720 };
  const places = [
    { x: 0, y: 0, w: 0.5, h: 1 },
    { x: 0.5, y: 0, w: 0.5, h: 1 },
  ];
  const sampler = new GlassSampler(places, speakers.slice(0, 2));
  const luma = new Uint8Array(size.width * size.height).fill(120);
  const show = (left: number, right: number, nowUs: number) => {
    // The row of blocks ends where its picture does.
    drawCounter(luma, size.width, right);
    const half = luma.subarray(0, luma.length);
    drawCounterAt(half, size.width, 1280, left);
    sampler.picture(luma, size.width, size, nowUs);
  };
  const [a, b] = [sent(0, 40), sent(1, 40)];
  const nowUs = Math.max(a.dueUs, b.dueUs) + 50_000;
  show(a.stamp, b.stamp, nowUs);
  show(a.stamp, b.stamp, nowUs + FRAME_US);
  expect(sampler.agesMs.map(Math.round)).toEqual([54, 50]);
  show(a.stamp + 1, b.stamp, nowUs + FRAME_US);
  expect(sampler.agesMs.map(Math.round)).toEqual([54, 50, 54]);
  expect(sampler.unreadable).toBe(0);
});

/** `drawCounter` for a picture of `width` at the left of a wider plane. */
function drawCounterAt(luma: Uint8Array, stride: number, width: number, frame: number): void {
  const picture = new Uint8Array(width * 64);
  drawCounter(picture, width, frame);
  for (let row = 32; row < 64; row++) {
    luma.set(picture.subarray(row * width + 600, row * width + width - 32), row * stride + 600);
  }
}
