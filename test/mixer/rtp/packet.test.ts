import { describe, expect, test } from '@jest/globals';
import { buildRtp, parseRtp } from '../../../mixer/rtp/packet.ts';
import { Random } from '../harness/random.ts';

const header = (first: number, ...rest: number[]) =>
  Buffer.from([first, 0xe0, 0x12, 0x34, 0xde, 0xad, 0xbe, 0xef, 1, 2, 3, 4, ...rest]);

describe('reading an RTP packet', () => {
  test('gives the header fields and the payload, without copying it', () => {
    const bytes = header(0x80, 9, 8, 7);
    const packet = parseRtp(bytes, 77)!;
    expect(packet).toMatchObject({
      sequence: 0x1234,
      rtpTimestamp: 0xdeadbeef,
      ssrc: 0x01020304,
      marker: true,
      arrivalUs: 77,
    });
    expect([...packet.payload]).toEqual([9, 8, 7]);
    bytes[12] = 1;
    expect(packet.payload[0]).toBe(1);
  });

  test('skips contributing sources and the header extension, and takes off padding', () => {
    const sources = [0, 0, 0, 1, 0, 0, 0, 2];
    const extension = [0xbe, 0xde, 0, 1, 0x10, 1, 2, 3];
    const packet = parseRtp(header(0xb2, ...sources, ...extension, 42, 43, 0, 0, 3), 0)!;
    expect([...packet.payload]).toEqual([42, 43]);
  });

  test('a packet of nothing but padding has an empty payload', () => {
    expect(parseRtp(header(0xa0, 0, 0, 0, 4), 0)!.payload).toHaveLength(0);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a header cut short', header(0x80).subarray(0, 11)],
    ['another version', header(0x40, 1)],
    ['contributing sources that are not there', header(0x8f, 1, 2, 3)],
    ['an extension head cut short', header(0x90, 0xbe, 0xde, 0)],
    ['an extension longer than the packet', header(0x90, 0xbe, 0xde, 0xff, 0xff, 1, 2)],
    ['more padding than packet', header(0xa0, 1, 2, 200)],
  ])('%s is no packet', (_, bytes) => {
    expect(parseRtp(bytes, 0)).toBeNull();
  });

  test('random bytes never throw, and a payload never reaches past them', () => {
    const random = new Random(3);
    for (let round = 0; round < 5000; round++) {
      const bytes = random.bytes(random.below(40));
      if (bytes.length > 0) bytes[0] = 0x80 | (bytes[0]! & 0x3f);
      const packet = parseRtp(bytes, 0);
      if (packet !== null) expect(packet.payload.length).toBeLessThanOrEqual(bytes.length - 12);
    }
  });
});

test('a packet that was built reads back, its counters cut to their width', () => {
  const built = buildRtp(65_536 + 5, 2 ** 32 + 6, true, [Buffer.from('ab'), Buffer.from('c')]);
  const packet = parseRtp(built, 0)!;
  expect(packet).toMatchObject({ sequence: 5, rtpTimestamp: 6, ssrc: 0, marker: true });
  expect(packet.payload.toString()).toBe('abc');
  expect(built[1]! & 0x7f).toBe(0);
});
