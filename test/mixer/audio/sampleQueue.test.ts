import { expect, test } from '@jest/globals';
import { SampleQueue } from '../../../mixer/audio/sampleQueue.ts';
import { Random } from '../harness/random.ts';
import { largestStep, tone } from '../harness/sound.ts';

/** `count` stereo samples that count up from `from`. */
const ramp = (from: number, count: number) =>
  Float32Array.from({ length: count * 2 }, (_, i) => from + Math.floor(i / 2));

test('gives what was put in, in order, over any mixture of sizes', () => {
  const random = new Random(4);
  const queue = new SampleQueue(500);
  let pushed = 0;
  let taken = 0;
  for (let round = 0; round < 2000; round++) {
    const count = random.below(Math.min(200, 500 - queue.size) + 1);
    queue.push(ramp(pushed, count));
    pushed += count;
    const out = new Float32Array(2 * random.below(200));
    const got = queue.take(out) / 2;
    expect(out.subarray(0, got * 2)).toEqual(ramp(taken, got));
    expect(out.subarray(got * 2).every((sample) => sample === 0)).toBe(true);
    taken += got;
    expect(queue.size).toBe(pushed - taken);
  }
  expect(taken).toBeGreaterThan(50_000);
});

test('holds no more than it was made for', () => {
  const queue = new SampleQueue(100);
  queue.push(ramp(0, 70));
  queue.push(ramp(70, 70));
  expect(queue.size).toBe(100);
  const out = new Float32Array(300);
  expect(queue.take(out)).toBe(200);
  expect(out[198]).toBe(99);
});

test('clearing empties', () => {
  const queue = new SampleQueue(100);
  queue.push(ramp(0, 30));
  expect(queue.size).toBe(30);
  queue.clear();
  expect(queue.size).toBe(0);
  expect(queue.take(new Float32Array(4))).toBe(0);
});

test('what is left out is faded over, without a click', () => {
  const queue = new SampleQueue(4800);
  queue.push(tone(440, 0.8, 2000));
  queue.skip(480);
  expect(queue.size).toBe(1520);
  const out = new Float32Array(1520 * 2);
  queue.take(out);
  expect(out[0]).toBeCloseTo(0, 1);
  expect(largestStep(out)).toBeLessThan(largestStep(tone(440, 0.8, 2000)) * 1.3);
  expect(out.subarray(960)).toEqual(tone(440, 0.8, 2000).subarray(1920));
});

test('less than twice the cut is left as it is', () => {
  const queue = new SampleQueue(4800);
  queue.push(ramp(0, 959));
  queue.skip(480);
  expect(queue.size).toBe(959);
});
