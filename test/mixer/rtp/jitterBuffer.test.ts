import { beforeEach, describe, expect, test } from '@jest/globals';
import { JitterBuffer, type JitterItem } from '../../../mixer/rtp/jitterBuffer.ts';
import { rtp } from '../harness/packets.ts';

const options = {
  maxWaitUs: 500_000,
  nackDelayUs: 8_000,
  nackIntervalUs: 40_000,
  maxNacks: 10,
  maxPackets: 256,
};

const MS = 1000;
let buffer: JitterBuffer;
beforeEach(() => {
  buffer = new JitterBuffer(options);
});

/** `12` for a packet, `-3` for three lost, `'anew'` for a break. */
const told = (items: JitterItem[]) =>
  items.map((item) => ('lost' in item ? (item.lost === 0 ? 'anew' : -item.lost) : item.sequence));
const push = (sequence: number, atMs = 0, ssrc?: number) =>
  told(buffer.push(rtp({ sequence: sequence & 0xffff, ssrc }), atMs * MS));

describe('order', () => {
  test('packets in order go straight through', () => {
    expect([push(10), push(11), push(12)]).toEqual([[10], [11], [12]]);
    expect(buffer.waiting).toBe(false);
  });

  test('a packet that comes too early waits for the one before', () => {
    expect([push(10), push(12), push(13), push(11)]).toEqual([[10], [], [], [11, 12, 13]]);
    expect(buffer.waiting).toBe(false);
    expect(buffer.lostPackets).toBe(0);
  });

  test('duplicates are dropped, whether given out already or still held', () => {
    expect([push(10), push(10), push(12), push(12), push(11), push(12)]).toEqual([
      [10],
      [],
      [],
      [],
      [11, 12],
      [],
    ]);
    expect(buffer.receivedPackets).toBe(3);
  });

  test('numbers go on over the wrap, also out of order', () => {
    expect([push(65_534), push(0), push(65_535), push(1)]).toEqual([[65_534], [], [65_535, 0], [1]]);
  });

  test('padding of a bandwidth probe fills its number', () => {
    push(10);
    buffer.push(rtp({ sequence: 11, payload: Buffer.alloc(0) }), 0);
    expect(push(12)).toEqual([12]);
  });
});

describe('loss', () => {
  test('a missing packet is waited for, then told where it was missing', () => {
    push(10);
    expect(push(12, 0)).toEqual([]);
    expect(told(buffer.poll(499 * MS))).toEqual([]);
    expect(told(buffer.poll(500 * MS))).toEqual([-1, 12]);
    expect(buffer.lostPackets).toBe(1);
    expect(push(11, 501)).toEqual([]);
  });

  test('several gaps are told one by one as their time runs out', () => {
    push(10);
    push(12, 0);
    push(15, 100);
    expect(told(buffer.poll(500 * MS))).toEqual([-1, 12]);
    expect(told(buffer.poll(599 * MS))).toEqual([]);
    expect(told(buffer.poll(600 * MS))).toEqual([-2, 15]);
    expect(buffer.lostPackets).toBe(3);
  });

  test('a gap of 300 packets over the wrap is asked for and can be filled', () => {
    push(65_400);
    expect(push(65_400 + 301, 0)).toEqual([]);
    const wanted = buffer.nacks(10 * MS);
    expect(wanted).toEqual(Array.from({ length: 300 }, (_, i) => (65_401 + i) & 0xffff));
    let given: (number | string)[] = [];
    for (const sequence of wanted) given = given.concat(push(sequence, 20));
    expect(given).toEqual([...wanted, 165]);
  });

  test('a gap of 300 packets over the wrap that stays empty is one loss, and the stream goes on', () => {
    push(65_400);
    push(65_400 + 301, 0);
    expect(told(buffer.poll(500 * MS))).toEqual([-300, 165]);
    expect(push(166, 501)).toEqual([166]);
  });

  test('after an outage nothing is waited for: the loss is told at once', () => {
    push(10);
    expect(push(10 + 1001, 5000)).toEqual([-1000, 1011]);
    expect(buffer.waiting).toBe(false);
    expect(buffer.nacks(6_000 * MS)).toEqual([]);
  });
});

describe('asking again', () => {
  test('waits for reordering to mend itself, then asks at intervals, and not for ever', () => {
    push(10);
    push(13, 0);
    expect(buffer.nacks(7 * MS)).toEqual([]);
    expect(buffer.nacks(8 * MS)).toEqual([11, 12]);
    expect(buffer.nacks(47 * MS)).toEqual([]);
    const asked: number[] = [];
    for (let ms = 48; ms < 490; ms += 5) if (buffer.nacks(ms * MS).length > 0) asked.push(ms);
    expect(asked).toHaveLength(9);
    for (let i = 1; i < asked.length; i++) expect(asked[i]! - asked[i - 1]!).toBeGreaterThanOrEqual(40);
  });

  test('what has come is not asked for', () => {
    push(10);
    push(13, 0);
    push(11, 5);
    expect(buffer.nacks(8 * MS)).toEqual([12]);
    push(12, 9);
    expect(buffer.nacks(1000 * MS)).toEqual([]);
  });

  test('of gap after gap no more than a thousand are asked for at a time, which is what a server takes', () => {
    push(10);
    for (let gap = 1; gap <= 3; gap++) push(10 + 300 * gap, 0);
    expect(buffer.nacks(8 * MS)).toHaveLength(897);
    push(10 + 300 * 4, 9);
    expect(buffer.nacks(100 * MS).length).toBeLessThanOrEqual(1000);
  });
});

describe('a stream that begins anew', () => {
  test('under another SSRC: what was held is given up, and the break is told', () => {
    push(10);
    push(12);
    expect(push(40_000, 1, 99)).toEqual(['anew', 40_000]);
    expect(push(40_001, 2, 99)).toEqual([40_001]);
    expect(buffer.waiting).toBe(false);
  });

  test('with sequence numbers far away: the break is told', () => {
    push(10);
    expect(push(30_000, 1)).toEqual(['anew', 30_000]);
    expect(push(30_001, 2)).toEqual([30_001]);
    expect(push(10_000, 3)).toEqual(['anew', 10_000]);
  });

  test('its very first packet is no break', () => {
    expect(push(10)).toEqual([10]);
  });
});
