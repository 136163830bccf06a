import { describe, expect, test } from '@jest/globals';
import { BLOCK_LENGTH, BLOCK_SAMPLES } from '../../../mixer/audio/format.ts';
import { Panner, panOf, WIDTH } from '../../../mixer/audio/panner.ts';

/** What becomes of one everywhere: the gain of each side, sample by sample. */
function gains(panner: Panner, blocks = 1): { left: number[]; right: number[] } {
  const [left, right]: number[][] = [[], []];
  for (let block = 0; block < blocks; block++) {
    const samples = new Float32Array(BLOCK_LENGTH).fill(1);
    panner.process(samples);
    for (let i = 0; i < BLOCK_LENGTH; i += 2) {
      left!.push(samples[i]!);
      right!.push(samples[i + 1]!);
    }
  }
  return { left: left!, right: right! };
}

describe('where a tile belongs', () => {
  test.each([
    ['the whole picture', { x: 0, w: 1 }, 0],
    ['the left half', { x: 0, w: 0.5 }, -WIDTH / 2],
    ['the right half', { x: 0.5, w: 0.5 }, WIDTH / 2],
    ['the last of five columns', { x: 0.8, w: 0.2 }, 0.8 * WIDTH],
    ['beyond the left edge', { x: -3, w: 0.5 }, -WIDTH],
    ['beyond the right edge', { x: 2, w: 9 }, WIDTH],
  ])('%s', (_, tile, pan) => {
    expect(panOf(tile)).toBeCloseTo(pan, 9);
  });

  test('nobody is ever heard in one ear alone', () => {
    expect(WIDTH).toBeLessThanOrEqual(0.6);
    const { left, right } = gains(new Panner(panOf({ x: 0.99, w: 0.01 })));
    expect(20 * Math.log10(right[0]! / left[0]!)).toBeLessThan(12.1);
  });
});

test('what one side loses the other one gains, so that mono is what it was', () => {
  for (const pan of [-0.6, -0.25, 0, 0.1, 0.6]) {
    const { left, right } = gains(new Panner(pan));
    expect(left[0]).toBeCloseTo(1 - pan, 6);
    for (const [i, gain] of left.entries()) expect(gain + right[i]!).toBeCloseTo(2, 6);
  }
});

test('turns within a quarter of a second from side to side, and no sample is far from the one before', () => {
  const panner = new Panner(-WIDTH);
  panner.moveTo(WIDTH);
  const { left, right } = gains(panner, 13);
  const steps = right.slice(1).map((gain, i) => gain - right[i]!);
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...steps)).toBeLessThan((2 * WIDTH) / (12 * BLOCK_SAMPLES));
  expect(right[0]).toBeCloseTo(1 - WIDTH, 3);
  // Half way after half the time.
  expect(right[6 * BLOCK_SAMPLES]).toBeCloseTo(1, 1);
  expect(right.at(-1)).toBeCloseTo(1 + WIDTH, 6);
  expect(left.at(-1)).toBeCloseTo(1 - WIDTH, 6);
});

test('turns back from where it has come to', () => {
  const panner = new Panner(0);
  panner.moveTo(0.5);
  const { right: out } = gains(panner, 2);
  panner.moveTo(0);
  const { right: back } = gains(panner, 3);
  expect(Math.abs(back[0]! - out.at(-1)!)).toBeLessThan(0.001);
  expect(back.at(-1)).toBe(1);
  expect(panner.centred).toBe(true);
});

test('jumps where nothing is heard', () => {
  const panner = new Panner(0);
  panner.moveTo(0.4);
  expect(panner.centred).toBe(false);
  panner.jump();
  const { right } = gains(panner);
  for (const gain of right) expect(gain).toBeCloseTo(1.4, 6);
});
