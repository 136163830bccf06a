import { describe, expect, test } from '@jest/globals';
import { SampleQueue } from '../../../mixer/audio/sampleQueue.ts';
import { Random } from '../harness/random.ts';
import { amplitudeAt, largestStep, tone } from '../harness/sound.ts';

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

describe.each([1, 2] as const)('of %i channels', (channels) => {
  /** 440 Hz, as long as 2000 samples, in a queue; 109 samples are a period. */
  function filled(): SampleQueue {
    const queue = new SampleQueue(4800, channels);
    const stereo = tone(440, 0.8, 2000);
    queue.push(channels === 2 ? stereo : stereo.filter((_, i) => i % 2 === 0));
    return queue;
  }
  const heard = (queue: SampleQueue) => {
    const out = new Float32Array(queue.size * channels);
    queue.take(out);
    return channels === 2 ? out : Float32Array.from({ length: out.length * 2 }, (_, i) => out[i >> 1]!);
  };
  const steepest = largestStep(tone(440, 0.8, 2000));

  test('what is left out is faded over, without a click', () => {
    const queue = filled();
    queue.shrink(436, 240);
    expect(queue.size).toBe(1564);
    const out = heard(queue);
    expect(out[0]).toBeCloseTo(0, 5);
    expect(largestStep(out)).toBeLessThan(steepest * 1.05);
    expect(out.subarray(480)).toEqual(tone(440, 0.8, 2000).subarray((436 + 240) * 2));
  });

  test('what is played twice is faded over, without a click, also where no room was left before it', () => {
    const queue = filled();
    for (let times = 1; times <= 4; times++) {
      queue.stretch(436, 240);
      expect(queue.size).toBe(2000 + times * 436);
    }
    const out = heard(queue);
    expect(largestStep(out)).toBeLessThan(steepest * 1.05);
    expect(Math.abs(amplitudeAt(out, 440) / 0.8 - 1)).toBeLessThan(0.02);
    expect(out.subarray(-1760 * 2)).toEqual(tone(440, 0.8, 2000).subarray(240 * 2));
  });

  test('without enough to fade over it is left as it is', () => {
    const queue = new SampleQueue(4800, channels);
    queue.push(new Float32Array(700 * channels));
    queue.shrink(500, 240);
    queue.stretch(500, 240);
    expect(queue.size).toBe(700);
  });
});
