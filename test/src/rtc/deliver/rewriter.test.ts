import { expect, test } from '@jest/globals';
import { Rewriter } from '../../../../src/rtc/deliver/rewriter.ts';

const format = { payloadType: 96, rtx: 97, vp8: false };
/** How far back anybody asks: a little more than `outlet.ts` answers. */
const BEHIND = 2_500;

function packet(sequence: number): Buffer {
  const bytes = Buffer.alloc(20);
  bytes[0] = 0x80;
  bytes.writeUInt16BE(sequence & 0xffff, 2);
  return bytes;
}

function send(rewriter: Rewriter<string>, from: number, count: number): void {
  const out = Buffer.alloc(64);
  for (let i = 0; i < count; i++) {
    if (rewriter.next(packet(from + i), out, 0) === 0) throw new Error(`packet ${from + i} was not sent`);
  }
}

/** Where the outgoing packet that lies `behind` the last one came from. */
const originOf = (rewriter: Rewriter<string>, behind: number) => {
  const origin = rewriter.origin((rewriter.lastSequence - behind) & 0xffff);
  return origin && [origin.stretch.source, origin.sequence];
};

// Two minutes at 2 Mbit/s are half of all sequence numbers.
test('what is sent can be repaired however long the source goes on', () => {
  const rewriter = new Rewriter<string>(1);
  rewriter.begin('a', format, packet(7), 0);
  for (let at = 7; at < 150_000; at += 1_000) {
    send(rewriter, at, 1_000);
    for (const behind of [0, 1, Math.min(at, BEHIND) - 7]) {
      expect(originOf(rewriter, behind)).toEqual(['a', (at + 999 - behind) & 0xffff]);
    }
  }
});

test('the end of a long source can be repaired after another one began', () => {
  const rewriter = new Rewriter<string>(1);
  rewriter.begin('a', format, packet(0), 0);
  send(rewriter, 0, 100_000);
  rewriter.begin('b', format, packet(500), 0);
  send(rewriter, 500, 100);
  expect(originOf(rewriter, 0)).toEqual(['b', 599]);
  expect(originOf(rewriter, 99)).toEqual(['b', 500]);
  expect(originOf(rewriter, 100)).toEqual(['a', 99_999 & 0xffff]);
  expect(originOf(rewriter, 1_000)).toEqual(['a', (100_000 - 901) & 0xffff]);
});
