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
  meter.push(-9, 0);
  meter.push(-40, 20_000);
  expect(meter.take()).toBe(-9);
  expect(meter.take()).toBe(-127);
});

/** Blocks of 20 ms from `fromMs` to `toMs` of one level; when `speaking` changed within them, ms. */
function hear(meter: LevelMeter, fromMs: number, toMs: number, db: number): number[] {
  const changes: number[] = [];
  for (let ms = fromMs; ms < toMs; ms += 20) {
    const before = meter.speaking(ms * 1000);
    meter.push(db, ms * 1000);
    if (meter.speaking(ms * 1000) !== before) changes.push(ms);
  }
  return changes;
}

test('the floor is had after 300 ms of speech, and kept for 2 s after its end', () => {
  const meter = new LevelMeter();
  expect(hear(meter, 0, 1000, -20)).toEqual([280]);
  expect(meter.speaking(2_900_000)).toBe(true);
  expect(meter.speaking(3_000_000)).toBe(false);
});

test('pauses between words keep it', () => {
  const meter = new LevelMeter();
  hear(meter, 0, 400, -20);
  expect(hear(meter, 400, 2000, -90)).toEqual([]);
  hear(meter, 2000, 2200, -20);
  expect(hear(meter, 2200, 4000, -90)).toEqual([]);
});

test('words with gaps get it, a cough and noise do not', () => {
  const words = new LevelMeter();
  hear(words, 0, 200, -20);
  hear(words, 200, 300, -90);
  expect(hear(words, 300, 600, -20)).toHaveLength(1);
  const cough = new LevelMeter();
  hear(cough, 0, 240, -10);
  expect(hear(cough, 240, 2000, -90)).toEqual([]);
  expect(cough.speaking(300_000)).toBe(false);
  expect(hear(new LevelMeter(), 0, 5000, -55)).toEqual([]);
});

test('talking, which others are lowered for, is there with the first word', () => {
  const meter = new LevelMeter();
  hear(meter, 0, 40, -20);
  expect(meter.talking).toBe(false);
  hear(meter, 40, 60, -20);
  expect(meter.talking).toBe(true);
  hear(meter, 60, 140, -90);
  expect(meter.talking).toBe(false);
});
