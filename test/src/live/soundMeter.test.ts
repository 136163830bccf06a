import { expect, test } from '@jest/globals';
import type { SourceLevel } from '../../../mixer/protocol/control.ts';
import { SoundMeter } from '../../../src/live/soundMeter.ts';

const level = (participant: string, levelDb: number, kind: SourceLevel['kind'] = 'camera'): SourceLevel => ({
  ...{ participant, kind, levelDb },
  speaking: levelDb > -40,
});

test('a person is as loud as the loudest thing they send', () => {
  const meter = new SoundMeter();
  meter.measure([level('ada', -60), level('ada', -20, 'screen'), level('bob', -50)], 0);
  expect(meter.of('ada')).toEqual({ participant: 'ada', levelDb: -20, speaking: true });
  expect(meter.of('bob')).toEqual({ participant: 'bob', levelDb: -50, speaking: false });
  expect(meter.of('eve')).toEqual({ participant: 'eve', levelDb: -127, speaking: false });
});

test('is told while somebody is heard, at most ten times a second or so, and once when all fall silent', () => {
  const meter = new SoundMeter();
  const told = (levelDb: number, nowMs: number): boolean =>
    meter.measure([level('ada', levelDb)], nowMs) !== undefined;
  expect(told(-127, 0)).toBe(false);
  const loud = Array.from({ length: 50 }, (_, index) => told(-20, 20 + index * 20));
  expect(loud.filter(Boolean)).toHaveLength(13);
  expect([told(-127, 1021), told(-127, 2000), told(-127, 3000)]).toEqual([true, false, false]);
});
