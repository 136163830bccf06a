import { expect, test } from '@jest/globals';
import { IncomingStream } from '../../../../scripts/bench/load/incoming.ts';
import type { AnsweredSection } from '../../../../scripts/bench/load/sdp.ts';
import { rtpPacket } from '../../../../scripts/bench/rtp/header.ts';

const section: AnsweredSection = {
  mid: '1',
  media: 'video',
  codec: 'vp8',
  payloadType: 96,
  rtx: 97,
  ssrc: 7,
  rtxSsrc: 8,
  transportCc: undefined,
  audioLevel: undefined,
};

/** Pictures of three packets each, 33 ms apart; the last one carries the marker. */
function packetAt(index: number): { packet: Buffer; arrivalUs: number } {
  const picture = Math.floor(index / 3);
  const header = {
    payloadType: 96,
    marker: index % 3 === 2,
    sequence: (65_530 + index) & 0xffff,
    timestamp: picture * 3_000,
    ssrc: 7,
  };
  return { packet: rtpPacket(header, [Buffer.alloc(100)]), arrivalUs: picture * 33_333 };
}

function streamOf(indices: number[]): IncomingStream {
  const stream = new IncomingStream(section, 7);
  for (const index of indices) {
    const { packet, arrivalUs } = packetAt(index);
    stream.packet(packet, arrivalUs);
  }
  return stream;
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

test('whole pictures are counted over the wrap of the sequence numbers', () => {
  const stream = streamOf(upTo(30));
  expect(stream.counts).toEqual({ packets: 30, bytes: 30 * 112, lost: 0, pictures: 10, freezes: 0 });
  expect(stream.firstUs).toBe(0);
});

test('a missing packet costs its picture, and is asked for', () => {
  const stream = streamOf(upTo(30).filter((index) => index !== 10));
  expect(stream.counts).toMatchObject({ packets: 29, lost: 1, pictures: 9 });
  expect(stream.missing).toEqual([(65_530 + 10) & 0xffff]);
});

test('a picture whose last packet is missing takes the next one with it: nobody knows where it begins', () => {
  const stream = streamOf(upTo(30).filter((index) => index !== 11));
  expect(stream.counts).toMatchObject({ lost: 1, pictures: 8 });
});

test('what comes again is not lost any more', () => {
  const stream = streamOf(upTo(30).filter((index) => index !== 10));
  stream.retransmitted(114);
  expect(stream.counts).toMatchObject({ packets: 30, lost: 0 });
});

test('a viewer reports what it missed', () => {
  const stream = streamOf(upTo(30).filter((index) => index !== 10));
  expect(stream.report(1e6)).toMatchObject({ ssrc: 7, cumulativeLost: 1, highestSequence: 65_559 });
});
