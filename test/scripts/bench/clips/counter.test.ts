import { expect, test } from '@jest/globals';
import { counterRange, drawCounter, readCounter } from '../../../../scripts/bench/clips/counter.ts';
import { gaussianTable } from '../../../../scripts/bench/clips/random.ts';

const width = 1280;
const height = 720;

test('every number can be read back, half size and through heavy noise', () => {
  const noise = gaussianTable(width * height, 12, 3);
  for (let frame = 0; frame < counterRange; frame += 31) {
    const luma = new Uint8Array(width * height).fill(90);
    drawCounter(luma, width, frame);
    expect(readCounter(luma, width, { x: 0, y: 0, width, scale: 1 })).toBe(frame);
    const half = new Uint8Array((width * height) / 4);
    for (let at = 0; at < half.length; at++) {
      const from = Math.floor(at / (width / 2)) * 2 * width + (at % (width / 2)) * 2;
      half[at] = Math.max(0, Math.min(255, luma[from]! + noise[at]!));
    }
    expect(readCounter(half, width / 2, { x: 0, y: 0, width: width / 2, scale: 0.5 })).toBe(frame);
  }
});

test('a picture without blocks is no number', () => {
  const grey = new Uint8Array(width * height).fill(128);
  expect(readCounter(grey, width, { x: 0, y: 0, width, scale: 1 })).toBeNull();
  const white = new Uint8Array(width * height).fill(230);
  expect(readCounter(white, width, { x: 0, y: 0, width, scale: 1 })).toBeNull();
});
