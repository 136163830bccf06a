import { describe, expect, test } from '@jest/globals';
import { writeFir, writeNack, writePli, writeRemb } from '../../../../src/rtc/rtcp/feedback.ts';
import { compactNtp } from '../../../../src/rtc/rtcp/packet.ts';
import { parseRtcp } from '../../../../src/rtc/rtcp/parse.ts';
import {
  writeBye,
  writeReceiverReport,
  writeSenderReport,
  writeSourceDescription,
} from '../../../../src/rtc/rtcp/reports.ts';
import { writeTransportFeedback } from '../../../../src/rtc/rtcp/transportCc.ts';
import { mutate, seeded } from '../random.ts';

const block = {
  ssrc: 0xdeadbeef,
  fractionLost: 64,
  cumulativeLost: -3,
  highestSequence: 0x00020001,
  jitter: 900,
  lastSenderReport: 0x12345678,
  delaySinceLastSenderReport: 65536,
};
const feedback = {
  senderSsrc: 1,
  mediaSsrc: 2,
  baseSequence: 10,
  feedbackCount: 3,
  referenceTime: 77,
  arrivals: [0, null, 12, 700, 650],
};

describe('each kind of packet', () => {
  test('sender report', () => {
    const ntpUs = 4_004_156_205_851_250;
    const [item] = parseRtcp(
      writeSenderReport({ ssrc: 7, ntpUs, rtpTimestamp: 0xffffffff, packets: 3, bytes: 900 }),
    );
    expect(item).toMatchObject({
      type: 'sender-report',
      report: { ssrc: 7, rtpTimestamp: 0xffffffff, packets: 3, bytes: 900 },
    });
    const read = item?.type === 'sender-report' ? item.report.ntpUs : 0;
    expect(Math.abs(read - ntpUs)).toBeLessThan(2);
  });

  test('receiver report', () => {
    expect(parseRtcp(writeReceiverReport(9, [block]))).toEqual([{ type: 'report-block', from: 9, block }]);
  });

  test('a compound is read to its end', () => {
    const compound = Buffer.concat([
      writeReceiverReport(9, []),
      writeSourceDescription(9, 'someone'),
      writePli(9, 2),
      writeFir(9, 3, 1),
      writeRemb(9, 2_500_000, [2]),
      writeBye([9, 10]),
    ]);
    expect(compound.length % 4).toBe(0);
    expect(parseRtcp(compound)).toEqual([
      { type: 'pli', ssrc: 2 },
      { type: 'fir', ssrcs: [3] },
      { type: 'remb', bps: 2_500_000 - (2_500_000 % 16) },
      { type: 'bye', ssrcs: [9, 10] },
    ]);
  });

  test('NACK packs neighbours, over the wrap too', () => {
    const sequences = [65_530, 65_533, 65_535, 0, 11, 200];
    const packet = writeNack(1, 2, sequences);
    expect(packet.length).toBe(12 + 3 * 4);
    expect(parseRtcp(packet)).toEqual([{ type: 'nack', ssrc: 2, sequences }]);
  });

  test('a NACK of thousands is cut', () => {
    const every = writeNack(
      1,
      2,
      Array.from({ length: 5_000 }, (_, i) => i),
    );
    const [item] = parseRtcp(every);
    expect(item?.type === 'nack' && item.sequences.length).toBe(1024);
  });

  test('compact NTP is the middle of the 64 bit', () => {
    expect(compactNtp(1.5 * 1e6)).toBe(0x00018000);
    expect(compactNtp((65536 + 2) * 1e6)).toBe(0x00020000);
  });
});

test('20,000 mutated compounds never throw (seed 2)', () => {
  const random = seeded(2);
  const compound = Buffer.concat([
    writeSenderReport({ ssrc: 7, ntpUs: 1e15, rtpTimestamp: 1, packets: 3, bytes: 900 }),
    writeReceiverReport(9, [block, block]),
    writeSourceDescription(9, 'someone'),
    writeNack(1, 2, [1, 2, 3]),
    writeRemb(9, 1, [1, 2]),
    writeTransportFeedback(feedback),
    writeBye([1]),
  ]);
  let read = 0;
  for (let i = 0; i < 20_000; i++) read += parseRtcp(mutate(compound, random)).length;
  expect(read).toBeGreaterThan(20_000);
});
