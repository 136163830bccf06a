import { describe, expect, test } from '@jest/globals';
import { createMessageRate } from '../../../src/signaling/messageRate.ts';
import { parseMessage } from '../../../src/signaling/parse.ts';

describe('the message rate', () => {
  test('lets a burst pass, then so many a second', () => {
    const rate = createMessageRate(50, 100);
    const passed = (nowMs: number, tries: number) =>
      Array.from({ length: tries }, () => rate.allows(nowMs)).filter(Boolean).length;
    expect(passed(0, 200)).toBe(100);
    expect(passed(1000, 200)).toBe(50);
    expect(passed(1100, 200)).toBe(5);
    expect(passed(900, 200)).toBe(0);
    expect(passed(100_000, 200)).toBe(100);
  });
});

describe('parsing', () => {
  test('gives the id back where it can be one', () => {
    const re = (text: string) => (parseMessage(text) as { re: unknown }).re;
    expect(re('{"id":7,"type":"x"}')).toBe(7);
    expect(re('{"id":"a","type":"x"}')).toBe('a');
    expect(re('{"id":{},"type":"x"}')).toBeNull();
    expect(re('{"id":1e99,"type":"x"}')).toBeNull();
    expect(re(`{"id":"${'a'.repeat(65)}","type":"x"}`)).toBeNull();
  });

  test('gives typed messages', () => {
    expect(parseMessage('{"type":"hand","raised":true}')).toEqual({
      message: { type: 'hand', raised: true },
    });
  });
});
