import { describe, expect, test } from '@jest/globals';
import { slopeUs } from '../../../../scripts/bench/guard/sendRatio.ts';
import { judge, recordedRatios } from '../../../../scripts/bench/guard/verdict.ts';

const recorded = { mix: 1.2, send: 1.4 };

describe('the guard', () => {
  test('keeps what is as good as recorded, better, or less than a quarter worse', () => {
    for (const measured of [recorded, { mix: 0.9, send: 1 }, { mix: 1.49, send: 1.74 }]) {
      expect(judge(measured, recorded).kept).toBe(true);
    }
    expect(judge({ mix: 1.32, send: 1.4 }, recorded).lines).toEqual([
      'mixing over one native ffmpeg process: 1.32, recorded 1.20 (+10 %): kept',
      'sending a packet over AES-GCM and a send: 1.40, recorded 1.40 (+0 %): kept',
    ]);
  });

  test('says what was lost, and by how much', () => {
    const { kept, lines } = judge({ mix: 1.1, send: 1.8 }, recorded);
    expect(kept).toBe(false);
    expect(lines[0]).toContain('(-8 %): kept');
    expect(lines[1]).toBe(
      'sending a packet over AES-GCM and a send: 1.80, recorded 1.40 (+29 %): LOST: more than 25 % worse, at most 1.75',
    );
  });

  test('what was not measured is not kept', () => {
    for (const send of [Number.NaN, -0.4, 0]) expect(judge({ mix: 1, send }, recorded).kept).toBe(false);
  });
});

describe('what a further packet takes', () => {
  const few = { cores: 0.1, packetsPerSecond: 860 };

  test('is the slope between few and many viewers', () => {
    expect(slopeUs(few, { cores: 0.16, packetsPerSecond: 6_860 })).toBeCloseTo(10, 6);
  });

  test.each([
    ['less CPU', { cores: 0.09, packetsPerSecond: 6_860 }],
    ['no more packets', { cores: 0.11, packetsPerSecond: 860 }],
    ['fewer packets', { cores: 0.11, packetsPerSecond: 500 }],
  ])('is not known from %s', (_, many) => {
    expect(() => slopeUs(few, many)).toThrow('the machine is too busy');
  });
});

describe('recorded ratios', () => {
  test('are read from what --record wrote', () => {
    expect(recordedRatios('{"date":"x","ratios":{"mix":1.2,"send":1.4}}', 'guard.json')).toEqual(recorded);
  });

  test.each([
    '',
    '{}',
    'null',
    '{"ratios":{"mix":1.2}}',
    '{"ratios":{"mix":"1","send":2}}',
    '{"ratios":{"mix":0,"send":1}}',
  ])('that are missing or wrong name the file and the remedy: %s', (text) => {
    expect(() => recordedRatios(text, 'guard.json')).toThrow(
      'guard.json holds no recorded ratios: record them with npm run bench -- guard --record',
    );
  });
});
