import { describe, expect, test } from '@jest/globals';
import { sequenceDistance, Unwrapper } from '../../../mixer/rtp/sequence.ts';
import { Random } from '../harness/random.ts';

describe('distance on the 16-bit circle', () => {
  test.each([
    [0, 0, 0],
    [0, 1, 1],
    [1, 0, -1],
    [65_535, 0, 1],
    [0, 65_535, -1],
    [65_000, 200, 736],
    [0, 32_767, 32_767],
    [0, 32_768, -32_768],
  ])('from %i to %i is %i', (from, to, distance) => {
    expect(sequenceDistance(from, to)).toBe(distance);
  });
});

describe.each([16, 32] as const)('a counter of %i bits unrolled', (bits) => {
  const span = 2 ** bits;

  test('goes on over the wrap, and back over it for a late value', () => {
    const unwrapper = new Unwrapper(bits);
    const first = unwrapper.unwrap(span - 2);
    expect(unwrapper.unwrap(span - 1)).toBe(first + 1);
    expect(unwrapper.unwrap(1)).toBe(first + 3);
    expect(unwrapper.unwrap(span - 1)).toBe(first + 1);
    expect(unwrapper.unwrap(0)).toBe(first + 2);
    expect(unwrapper.unwrap(2)).toBe(first + 4);
  });

  test('is never negative, even when the first value is followed by older ones', () => {
    const unwrapper = new Unwrapper(bits);
    const first = unwrapper.unwrap(0);
    expect(unwrapper.unwrap(span - 1)).toBe(first - 1);
    expect(unwrapper.unwrap(span / 2 + 1)).toBeGreaterThan(0);
  });

  test('follows a walk of steps forward and back for many turns', () => {
    const random = new Random(bits);
    const unwrapper = new Unwrapper(bits);
    let truth = random.below(span);
    const base = unwrapper.unwrap(truth) - truth;
    let highest = truth;
    for (let step = 0; step < 20_000; step++) {
      truth = Math.max(
        highest - Math.floor(span / 3),
        truth + Math.floor((random.fraction() - 0.3) * (span / 4)),
      );
      truth = Math.max(0, truth);
      if (truth - highest >= span / 2) continue;
      highest = Math.max(highest, truth);
      expect(unwrapper.unwrap(truth % span)).toBe(truth + base);
    }
    expect(highest).toBeGreaterThan(span * 10);
  });
});
