import { expect, test } from '@jest/globals';
import { LevelMeter, levelDb } from '../../../mixer/audio/level.ts';
import { tone } from '../harness/sound.ts';

test.each([
  ['a full-scale square wave', Float32Array.from({ length: 1920 }, (_, i) => (i % 40 < 20 ? 1 : -1)), 0],
  ['a full-scale sine', tone(1000, 1), -3.01],
  ['a sine 20 dB below', tone(1000, 0.1), -23.01],
  ['silence', new Float32Array(1920), -127],
  ['next to nothing', new Float32Array(1920).fill(1e-12), -127],
])('%s', (_, samples, level) => {
  expect(levelDb(samples)).toBeCloseTo(level, 1);
});

test('the highest level since the last look is told, once', () => {
  const meter = new LevelMeter();
  meter.push(tone(500, 0.5), 0);
  meter.push(tone(500, 0.01), 20_000);
  expect(meter.take()).toBeCloseTo(-9.03, 1);
  expect(meter.take()).toBe(-127);
});

test('speaking starts with a loud block and goes on over pauses between words', () => {
  const meter = new LevelMeter();
  expect(meter.speaking(0)).toBe(false);
  meter.push(tone(500, 0.004), 1e6);
  expect(meter.speaking(1e6)).toBe(false);
  meter.push(tone(500, 0.02), 2e6);
  expect(meter.speaking(2e6)).toBe(true);
  meter.push(new Float32Array(1920), 2.3e6);
  expect(meter.speaking(2.5e6)).toBe(true);
  expect(meter.speaking(2.7e6)).toBe(false);
});
