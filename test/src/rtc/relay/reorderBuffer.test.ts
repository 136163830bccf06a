import { describe, expect, test } from '@jest/globals';
import { ReorderBuffer } from '../../../../src/rtc/relay/reorderBuffer.ts';

const WAIT_US = 150_000;

/** Pushes sequence numbers 1 ms apart; what comes out is written as `value` or `value after lost`. */
function run(sequences: number[], buffer = new ReorderBuffer<number>(WAIT_US), startUs = 0) {
  const out = sequences.flatMap((sequence, i) => buffer.push(sequence, sequence, startUs + i * 1_000));
  return { buffer, out: out.map(written) };
}

const written = ({ item, lost }: { item: number; lost: number }): string =>
  lost > 0 ? `${item} after ${lost}` : `${item}`;

describe('packets', () => {
  test('in order pass at once, out of order when they can, duplicates never', () => {
    expect(run([5, 6, 8, 8, 7, 6, 9]).out).toEqual(['5', '6', '7', '8', '9']);
  });

  test('follow each other over the wrap, also out of order', () => {
    expect(run([65_534, 0, 65_535, 1]).out).toEqual(['65534', '65535', '0', '1']);
  });

  test('that never come are waited for, then the rest goes on with the gap', () => {
    const { buffer, out } = run([1, 4, 5]);
    expect(out).toEqual(['1']);
    expect(buffer.waiting).toBe(true);
    expect(buffer.poll(WAIT_US)).toEqual([]);
    expect(buffer.poll(WAIT_US + 1_000).map(written)).toEqual(['4 after 2', '5']);
    expect(buffer.waiting).toBe(false);
    expect(buffer.push(2, 2, WAIT_US + 2_000)).toEqual([]);
  });

  test('after an outage are not waited for', () => {
    expect(run([1, 500, 501]).out).toEqual(['1', '500 after 498', '501']);
  });

  test('held are few, whatever the sender leaves out', () => {
    const buffer = new ReorderBuffer<number>(Number.POSITIVE_INFINITY);
    let out = 0;
    for (let sequence = 0; sequence < 20_000; sequence += 2)
      out += buffer.push(sequence & 0xffff, 0, 0).length;
    expect(out).toBeGreaterThan(10_000 - 1_100);
  });
});

describe('what is missing', () => {
  test('is asked for after a moment, again after a round trip, and not for ever', () => {
    const { buffer } = run([65_534, 2]);
    expect(buffer.asks(3_000, 0)).toEqual([]);
    expect(buffer.asks(7_000, 30_000)).toEqual([65_535, 0, 1]);
    expect(buffer.asks(30_000, 30_000)).toEqual([]);
    buffer.push(0, 0, 31_000);
    expect(buffer.asks(37_000, 0)).toEqual([65_535, 1]);
    const later = [60_000, 80_000, 100_000, 120_000].map((nowUs) => buffer.asks(nowUs, 0).length);
    expect(later).toEqual([2, 2, 2, 0]);
  });
});
