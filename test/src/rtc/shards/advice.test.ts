import { describe, expect, test } from '@jest/globals';
import { MergedAdvice } from '../../../../src/rtc/shards/advice.ts';

const fits = (leastKbps: number, mostKbps: number, kbps: number) =>
  ({ type: 'fits', source: 'a', rungKbps: 1_000, kbps, leastKbps, mostKbps }) as const;

describe('what threads say of one source', () => {
  test('goes on when all viewers are in one thread', () => {
    const advice = new MergedAdvice<string>();
    expect(advice.heard(fits(700, 800, 700), 'one', new Set(['one']))).toEqual(fits(700, 800, 700));
  });

  test('is nothing while another thread is content', () => {
    const advice = new MergedAdvice<string>();
    expect(advice.heard(fits(700, 800, 700), 'one', new Set(['one', 'other']))).toBeNull();
  });

  test('is what the worst of all threads can take', () => {
    const advice = new MergedAdvice<string>();
    const both = new Set(['one', 'other']);
    expect(advice.heard(fits(700, 800, 700), 'one', both)).toBeNull();
    expect(advice.heard(fits(850, 900, 850), 'other', both)).toEqual(fits(700, 900, 700));
    // One recovers: they differ now, so the source has its own rate again.
    expect(advice.heard(fits(1_100, 1_300, 1_100), 'one', both)).toEqual(fits(850, 1_300, 1_000));
  });

  test('is looked at again when others use the source: who is content never says so', () => {
    const advice = new MergedAdvice<string>();
    advice.heard(fits(600, 600, 600), 'one', new Set(['one']));
    expect(advice.usedBy('a', () => new Set(['one', 'other']))).toEqual(fits(600, 1_000, 1_000));
    // Those in the other thread have left, and those in the first are as they were.
    expect(advice.usedBy('a', () => new Set(['one']))).toEqual(fits(600, 600, 600));
    expect(advice.usedBy('a', () => new Set())).toBeNull();
    expect(advice.usedBy('a', () => new Set(['other']))).toEqual(fits(1_000, 1_000, 1_000));
    expect(advice.usedBy('never told of', () => new Set(['other']))).toBeNull();
  });

  test('is forgotten with the source by the thread that lets go of it', () => {
    const advice = new MergedAdvice<string>();
    advice.heard(fits(600, 600, 600), 'one', new Set(['one']));
    advice.released('a', 'one');
    expect(advice.usedBy('a', () => new Set(['one']))).toEqual(fits(1_000, 1_000, 1_000));
  });

  test('of a thread that died counts no more, and that of a source that is gone neither', () => {
    const advice = new MergedAdvice<string>();
    advice.heard(fits(600, 600, 600), 'one', new Set(['one']));
    advice.without('one');
    expect(advice.heard(fits(900, 950, 900), 'other', new Set(['other']))).toEqual(fits(900, 950, 900));
    advice.forget('a');
    expect(advice.heard(fits(890, 950, 890), 'other', new Set(['other']))).toEqual(fits(890, 950, 890));
  });

  test('that crosses the leaving of its last viewer is not kept for those who come later', () => {
    const advice = new MergedAdvice<string>();
    advice.heard(fits(700, 700, 700), 'one', new Set(['one']));
    expect(advice.heard(fits(600, 600, 600), 'one', new Set(['other']))).toBeNull();
    expect(advice.usedBy('a', () => new Set(['one', 'other']))).toEqual(fits(1_000, 1_000, 1_000));
  });

  test('is not followed where others keep the rate: that is known at once', () => {
    const advice = new MergedAdvice<string>();
    advice.heard(fits(600, 600, 600), 'one', new Set(['one', 'other']));
    expect(advice.keeps(fits(600, 600, 600))).toBe(true);
    advice.heard(fits(620, 700, 620), 'other', new Set(['one', 'other']));
    expect(advice.keeps(fits(600, 600, 600))).toBe(false);
    expect(advice.keeps(fits(620, 700, 620))).toBe(false);
  });
});
